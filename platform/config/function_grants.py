"""Grants on functions of the shared schema: who may run one. What is not named here, nobody may but the owner.

A function that runs as the owner (SECURITY DEFINER) is how an institution adds what it has no right to insert: each
refuses by itself what is not the institution's to add (docs/security.md). Triggers need no line: they are never called.
"""

from kernel.db.grants import FunctionGrants

OF_TRIGGERS = FunctionGrants("asked by triggers that run as the owner")
ROLLUP = FunctionGrants("counts figures again, for the login (manage.py recompute_rollups)")
ROW_SECURITY = FunctionGrants("row security asks it of the role that acts", institution=True)
AREA = FunctionGrants("lists within an officer's area", platform=True)

SHARED_FUNCTIONS: dict[str, FunctionGrants] = {
    "acting_institution": FunctionGrants("asked by functions that run as the owner"),
    "current_institution": ROW_SECURITY,
    "current_institution_hosts": ROW_SECURITY,
    "current_institution_schema": ROW_SECURITY,
    "current_organisation": ROW_SECURITY,
    "filings_check_ceiling": OF_TRIGGERS,
    "folded_name": FunctionGrants("folded columns and searches, computed at each", institution=True, platform=True),
    "folded_number": FunctionGrants("folded columns and searches, computed at each", institution=True, platform=True),
    "identity_add_consents": FunctionGrants(
        "a consent entered at the counter, of whoever is enrolled there", institution=True, platform=True
    ),
    "identity_add_people": FunctionGrants(
        "people, their accounts and consents at once, and accounts that are invited", institution=True, platform=True
    ),
    "identity_add_roles": FunctionGrants(
        "roles of the own staff, on a principal's word", institution=True, platform=True
    ),
    "institutions_all_answer_to": AREA,
    "institutions_answering_to": AREA,
    "notices_on_own_roster": ROW_SECURITY,
    "pinyin_key": FunctionGrants("the order of names, computed at each write", institution=True, platform=True),
    "rankings_add_counts": OF_TRIGGERS,
    "rankings_add_to_month": OF_TRIGGERS,
    "rankings_carry_stars": OF_TRIGGERS,
    "rankings_published_stars": OF_TRIGGERS,
    "rollup_rankings_months": ROLLUP,
    "rollup_rankings_stars": ROLLUP,
}
