"""Grants: who may do what with each table, by verb and column. What is not named here, nobody may.

One line for every table, packages' too; kernel.db.row_security and kernel.db.roles apply it to the database, and
tests/isolation tries every statement against a matrix that people write. `institution` are the rights of an
institution's role on a shared table, `platform` those of the platform's host. Facts never change and nothing is deleted
but by a line that names it; columns that move (a state, its moment, a seal) are named one by one.
"""

from kernel import task_rights
from kernel.db.grants import AllRows, NoAccess, OwnRows, ReadOnly, SharedGrants, SomeRows, View, change
from kernel.roles import STAFF_ROLES

READ = ("SELECT",)
ADD = ("SELECT", "INSERT")
REMOVE = ("DELETE",)
STATE = ("state", "state_since")
PERSON_AT_COUNTER = "whoever signs in or is enrolled is found by key or blind index; nobody is an institution's alone"
SIGN_IN = "sign-in stands at the platform's host"
EXCHANGE = "between the platform and outside systems"
OPERATOR = "the operator's"
UNUSED = "not used"
NEWEST = "the newest version of each fact, of the rows that its reader may see"
OF_STAFF = ", ".join(f"'{role.value}'" for role in STAFF_ROLES)
CERTIFICATE = "EXISTS (SELECT 1 FROM public.certificates_certificate c WHERE c.id = certificate_id)"
# Whom an institution may tell something: who applied, learns or learned there, who works or worked there, who asked its
# desk for a correction; and of an incident that it reported, once each, who looks after incidents.
NOTICE_OF_ITS_OWN = """
EXISTS (
    SELECT 1 FROM public.identity_account a WHERE a.id = notices_notice.account_id AND a.person_id IS NOT NULL AND (
        EXISTS (SELECT 1 FROM public.identity_activeenrolment e WHERE e.person_id = a.person_id)
        OR public.notices_on_own_roster(a.person_id)
    )
) OR EXISTS (
    SELECT 1 FROM public.identity_rolegrant g
     WHERE g.account_id = notices_notice.account_id AND g.scope = (SELECT public.current_organisation()::text)
) OR EXISTS (
    SELECT 1 FROM public.privacy_correction c WHERE c.account_id = notices_notice.account_id
) OR (template = 'privacy.breach' AND EXISTS (
    SELECT 1 FROM public.privacy_breach b WHERE notices_notice.key = 'breach:' || b.id
) AND EXISTS (
    SELECT 1 FROM public.identity_rolegrant g WHERE g.account_id = notices_notice.account_id
       AND g.role IN ('platform_operator', 'province_officer') AND g.ended_at IS NULL
))""".strip()

SHARED_TABLES: dict[str, SharedGrants] = {
    # packages
    "account.EmailAddress": AllRows(
        PERSON_AT_COUNTER, rights=READ, platform=(*ADD, change("email", "primary", "user_id", "verified"), *REMOVE)
    ),
    "account.EmailConfirmation": NoAccess(SIGN_IN, platform=(*ADD, change("sent"), *REMOVE)),
    "auth.Group": NoAccess(UNUSED, platform=READ),
    "auth.Group_permissions": NoAccess(UNUSED, platform=READ),
    "auth.Permission": NoAccess(UNUSED, platform=READ),
    "contenttypes.ContentType": NoAccess(UNUSED, platform=READ),
    "mfa.Authenticator": AllRows(
        "whether somebody has a second factor",
        rights=("SELECT (id, user_id, type)",),
        platform=(*ADD, change("created_at", "data", "last_used_at", "type", "user_id"), *REMOVE),
    ),
    # bank: all reading and drawing is done by shared.bank itself, on the platform's side (docs/security.md)
    "bank.Item": NoAccess(
        "questions and keys", platform=(*ADD, change("block", "block_name", "block_name_en", "current_id"))
    ),
    "bank.ItemVersion": NoAccess("questions and keys", platform=ADD),
    "bank.Paper": NoAccess("its seed and the bank give the key", platform=ADD),
    "bank.PaperKey": NoAccess("the answer keys", platform=ADD),
    # certificates: asked for and issued on the platform's side
    "certificates.Certificate": OwnRows(
        "institution_id",
        rights=READ,
        platform=(
            *ADD,
            change("ground", "holder", "issued_on", "number", "request_id", "trouble", "version", *STATE),
        ),
    ),
    "certificates.CertificateVersion": SomeRows(
        "of its own certificates", rows=CERTIFICATE, rights=READ, platform=(*ADD, change("superseded_at"))
    ),
    "certificates.EducationLine": SomeRows(
        "of its own certificates",
        rows=CERTIFICATE,
        rights=READ,
        platform=(*ADD, change("as_of", "hours", "recorded_at")),
    ),
    # employers: between a company, its people and the authority, at the platform's host; an institution asks there
    "employers.Registration": NoAccess(
        "between a company and its authority",
        platform=(
            *ADD,
            change(
                "applied_name", "code_digest", "code_expires_at", "code_tries", "decided_by", "decided_name",
                "employer_id", "institution_id", "proven_at", "reason", "seen", "stands_until", "telephone", "way",
                *STATE,
            ),
        ),
    ),
    "employers.Employee": NoAccess(
        "between a company and its people",
        platform=(
            *ADD,
            change(
                "agreed_at", "asked_at", "consent_id", "ended_at", "ended_side", "id_blind", "id_number", "name",
                "person_id", *STATE,
            ),
        ),
    ),
    # exchange: messages to and from outside systems leave and come on the platform's side
    "registry.Announcement": NoAccess(
        EXCHANGE,
        platform=(
            *ADD,
            change(
                "address", "as_of", "category", "division_code", "name", "notice_from", "notice_to", "opinion",
                "positions", "signed_on",
            ),
        ),
    ),
    "exchange.Arrival": NoAccess(
        EXCHANGE, platform=(*ADD, change("answer", "attempts", "next_at", "sealed", *STATE))
    ),
    "exchange.Discrepancy": NoAccess(EXCHANGE, platform=(*ADD, change("resolution", *STATE))),
    "education.HourVersion": NoAccess(EXCHANGE, platform=ADD),
    "education.HourRecord": View("the newest version of each record", institutions=False),
    "exchange.Message": NoAccess(
        EXCHANGE,
        platform=(
            *ADD,
            change(
                "answer", "attempts", "digest", "fault", "faults", "next_at", "payload", "polls", "receipt", "sealed",
                *STATE,
            ),
        ),
    ),
    "exchange.Reconciliation": NoAccess(EXCHANGE, platform=ADD),
    "exchange.ImportFile": NoAccess(EXCHANGE, platform=(*ADD, change("import_counts", *STATE))),
    # identity: an institution adds whoever comes to its counter by functions that refuse all else (function_grants);
    # what is there is the platform's to change
    "identity.Account": AllRows(
        PERSON_AT_COUNTER,
        rights=(*READ, change("last_login")),
        platform=(
            *ADD,
            change(
                "closed_at", "email", "language", "last_login", "made_at", "mobile", "mobile_blind",
                "mobile_verified_at", "name", "password", "person_id",
            ),
            *REMOVE,
        ),
    ),
    "identity.ActiveEnrolment": OwnRows(
        "institution_id", rights=(*ADD, change("released_at")), platform=(*ADD, change("released_at"))
    ),
    "identity.ApiToken": AllRows(
        "a machine's token is found by its digest", rights=READ, platform=(*ADD, change("name", "revoked_at"))
    ),
    "identity.Consent": AllRows(
        "a person's consents count everywhere",
        rights=READ,
        platform=(*ADD, change("withdrawn_at", "withdrawn_by", "withdrawn_channel"), *REMOVE),
    ),
    "identity.ConsentText": ReadOnly(platform=ADD),
    "identity.Employer": ReadOnly(platform=(*ADD, change("name"))),
    "identity.LearningLease": OwnRows(
        "institution_id",
        rights=(*READ, change("taken_at"), *REMOVE),
        platform=(*ADD, change("institution_id", "taken_at", "token"), *REMOVE),
    ),
    "identity.Person": AllRows(
        PERSON_AT_COUNTER,
        rights=READ,
        platform=(
            *ADD,
            change("born", "id_blind", "id_number", "mobile", "mobile_blind", "name", "sex"),
        ),
    ),
    "identity.RecoveryRequest": NoAccess(
        SIGN_IN,
        platform=(
            *ADD,
            change(
                "account_id", "checked_by", "contact_address", "identifier", "identifier_blind", "name", "settled_by",
                "words", *STATE,
            ),
        ),
    ),
    "identity.RoleGrant": SomeRows(
        "all are seen, for a refusal may rest on any; ended are roles of staff in its own organisation",
        rows="true",
        new_rows=f"scope = (SELECT public.current_organisation()::text) AND role IN ({OF_STAFF})",
        rights=(*READ, change("ended_at", "ended_by")),
        platform=(*ADD, change("ended_at", "ended_by")),
    ),
    "identity.SeatLease": OwnRows("institution_id", rights=(*ADD, *REMOVE), platform=(*ADD, *REMOVE)),
    "identity.SignIn": AllRows(
        "a sign-in is one for all hosts", rights=READ, platform=(*ADD, change("ended_at", "idle", "seen_at"), *REMOVE)
    ),
    # institutions
    "hosting.Archive": NoAccess(
        OPERATOR,
        platform=(
            *ADD,
            change("digest", "path", "rows", "size", "taken_at"),
        ),
    ),
    "hosting.Deletion": NoAccess(
        OPERATOR, platform=(*ADD, change("approved_at", "approved_by", "withdrawn_at", "withdrawn_by"))
    ),
    "hosting.MigrationRun": NoAccess(
        OPERATOR, platform=(*ADD, change("counts", "ended_at", "failures", "schema_count"))
    ),
    "hosting.RestoredCopy": NoAccess(
        OPERATOR, platform=(*ADD, change("digest", "restored_at", "taken_at"), *REMOVE)
    ),
    "hosting.SpareSchema": NoAccess(OPERATOR, platform=(*ADD, change("fingerprint"), *REMOVE)),
    "institutions.Domain": ReadOnly(platform=(*ADD, change("is_primary"))),
    "institutions.Institution": ReadOnly(
        platform=(
            *ADD,
            change(
                "lifecycle", "lifecycle_since", "ready", "retired_at", "schema_origin",
            ),
        ),
    ),
    "institutions.Organisation": OwnRows(
        "id", "organisation", rights=READ, platform=(*ADD, change("contact_mobile", *STATE))
    ),
    "institutions.Ruling": OwnRows("organisation_id", "organisation", rights=READ, platform=ADD),
    "institutions.StandingEntry": OwnRows("organisation_id", "organisation", rights=READ, platform=ADD),
    # notices
    "notices.Message": OwnRows(
        "schema",
        "schema",
        rights=(*ADD, change("error", *STATE)),
        platform=(*ADD, change("address", "body", "error", "subject", *STATE)),
    ),
    "notices.Notice": SomeRows(
        "a person's notices are the same at every host; added are those of its own people and staff, and who looks "
        "after incidents is told of its own",
        rows="true",
        new_rows=NOTICE_OF_ITS_OWN,
        rights=ADD,
        platform=(*ADD, change("context", "path", "read_at")),
    ),
    # filings: what an institution has filed is the evidence; what is filed again is a version of its own
    "filings.ClassPlaces": OwnRows("institution_id", rights=READ, platform=READ),  # triggers of the database write
    "filings.ClassVersion": OwnRows("institution_id", rights=ADD, platform=ADD),
    "filings.IncidentVersion": OwnRows("institution_id", rights=ADD, platform=ADD),
    "filings.PriceVersion": OwnRows("institution_id", rights=ADD, platform=ADD),
    "filings.SittingVersion": OwnRows("institution_id", rights=ADD, platform=ADD),
    "filings.ReportedIncident": View(NEWEST),
    "filings.PublishedPrice": View(NEWEST),
    "filings.FiledSitting": View(NEWEST),
    "filings.FiledClass": View(NEWEST),
    # policy: what is in force is never altered; a successor ends it
    "policy.Authority": ReadOnly(
        platform=(
            *ADD,
            change(
                "level", "name", "name_en", "office", "office_en", "parent_id", "pseudo", "enrolment_centre",
                "enrolment_centre_en",
            ),
        )
    ),
    "policy.CalendarDay": ReadOnly(platform=(*ADD, change("superseded_at"))),
    "policy.CalendarPlan": ReadOnly(platform=ADD),
    "policy.FeeCap": ReadOnly(platform=(*ADD, change("effective_to", "in_force"))),
    "lawbook.CapProposal": NoAccess(
        "the province's officers'", platform=(*ADD, change("decided_by", "decided_name", "made_id", *STATE))
    ),
    "lawbook.PolicyDraft": NoAccess(
        "the drafting officers'",
        platform=(
            *ADD,
            change(
                "authors", "body", "decided_by", "edition", "last_author", "pack_id", "saved_at", "submitted_by",
                *STATE,
            ),
        ),
    ),
    "policy.PolicyPack": ReadOnly(platform=ADD),
    # privacy
    "privacy.Assessment": NoAccess(OPERATOR, platform=ADD),
    "privacy.Breach": OwnRows(
        "institution_id",
        rights=ADD,
        platform=(*ADD, change("closed_by", "handled_by", "kinds", "measures", "people", "severity", *STATE)),
    ),
    "privacy.BreachEntry": SomeRows(
        "of its own breaches",
        rows="EXISTS (SELECT 1 FROM public.privacy_breach b WHERE b.id = breach_id)",
        rights=ADD,
        platform=ADD,
    ),
    "privacy.Closing": AllRows(
        "each institution answers what it keeps of a person",
        rights=READ,
        platform=(*ADD, change("expected", "keep_until", "retention_applies", "round", *STATE)),
    ),
    "privacy.ClosingAnswer": OwnRows("institution_id", rights=ADD, platform=ADD),
    "privacy.Copy": AllRows(
        "each institution gives its part",
        rights=("SELECT (id, account_id, person_id, language, state)",),
        platform=(*ADD, change("content", "digest", "expires_at", "fetched_at", *STATE)),
    ),
    "privacy.CopyPart": OwnRows("institution_id", rights=ADD, platform=(*ADD, *REMOVE)),
    "privacy.Correction": OwnRows(
        "institution_id",
        rights=(*READ, change("decided_at", "decided_by", "reason", *STATE)),
        platform=(*ADD, change("decided_at", "decided_by", "evidence", "reason", "wanted", "words", *STATE)),
    ),
    "privacy.Deletion": OwnRows("institution_id", rights=ADD, platform=ADD),
    "privacy.Entrusting": NoAccess(OPERATOR, platform=ADD),
    "privacy.Hold": ReadOnly(
        "id", "person_id", "placed_at", "lifted_at",
        why="what is held is not deleted", platform=(*ADD, change("lifted_at", "lifted_by")),
    ),
    # rankings: ratings are taken and counted on the platform's side
    "rankings.AuthorityScore": NoAccess(
        "the authority's", platform=(*ADD, change("entered_at", "entered_by", "policy", "reasons", "scores"))
    ),
    "rankings.Rating": NoAccess("who gave which rating is nobody's to read", platform=ADD),
    "rankings.EligibleTrainees": NoAccess("counted in the months", platform=ADD),
    "rankings.RatingMonth": OwnRows("institution_id", rights=READ, platform=READ),  # a function of the database counts
    "rankings.StarResult": OwnRows("institution_id", rights=READ, platform=ADD),
    "rankings.StarRun": ReadOnly(platform=(*ADD, change("published_at", "published_by", *STATE))),
    # records
    "kernel.AuditEntry": OwnRows("schema", "schema", rights=ADD, platform=(*ADD, change("seal_no", "seal"))),
    "kernel.AuditHead": NoAccess("where each schema's notes ended, as witnessed", platform=ADD),
    "records.File": SomeRows(
        "its own, and its certificates'",
        rows="owner_schema = (SELECT public.current_institution_schema())"
        " OR EXISTS (SELECT 1 FROM public.certificates_certificateversion v WHERE v.file_id = records_file.id)",
        new_rows="owner_schema = (SELECT public.current_institution_schema())",
        rights=(*ADD, change("name", "retention")),
        platform=(*ADD, change("name", "retention")),
    ),
    "kernel.CacheEntry": NoAccess(
        "counts of attempts, on the platform's side", platform=(*ADD, change("expires_at", "value"), *REMOVE)
    ),
    "kernel.Heartbeat": NoAccess("the worker's and beat's", platform=(*ADD, change("beat_at"))),
    "kernel.IdempotencyKey": OwnRows(
        "schema",
        "schema",
        rights=(*ADD, change("status", "body"), *REMOVE),
        platform=(*ADD, change("status", "body"), *REMOVE),
    ),
    "kernel.Outbox": OwnRows(
        "schema",
        "schema",
        rights=(*ADD, change("attempts", "done_at", "error")),
        platform=(
            *ADD,
            change("attempts", "done_at", "error", "lost_attempts", "not_before", "taken_at", "waits_for"),
            *REMOVE,
        ),
        added={"group": task_rights.of_institutions, "platform": task_rights.of_the_platform},
    ),
    "kernel.OutsideSystem": NoAccess(
        "the workers'", platform=(*ADD, change("error", "failing_since", "faults", "probe_at"))
    ),
    "kernel.ReachedLimit": NoAccess(OPERATOR, platform=(*ADD, change("last_at", "refusals"), *REMOVE)),
    "kernel.Session": OwnRows(
        "schema",
        "schema",
        rights=(*ADD, change("expire_date", "schema", "session_data"), *REMOVE),
        platform=(*ADD, change("expire_date", "schema", "session_data"), *REMOVE),
    ),
    "records.Ticket": OwnRows("host", "host", rights=(*READ, *REMOVE), platform=(*ADD, *REMOVE)),
    # registry: between an organisation and its authority, at the platform's host
    "registry.Check": NoAccess(
        platform=(*ADD, change("checked_at", "checked_by", "finding", "picture_id", "remark"))
    ),
    "registry.Commitment": NoAccess(
        platform=(
            *ADD,
            change(
                "authority_code", "due_on", "existing_document", "existing_since", "positions", "provisional",
                "submitted_at", "version", *STATE,
            ),
        ),
    ),
    "registry.Evidence": NoAccess(platform=(*ADD, change("removed_at"))),
    "registry.Line": NoAccess(platform=(*ADD, change("value"))),
    "registry.Objection": NoAccess(
        platform=(*ADD, change("contact", "decided_at", "decided_by", "name", "reason", *STATE))
    ),
    "registry.PublicNotice": NoAccess(platform=(*ADD, change("due_on", "ended_at", "ending", "provisional"))),
    "registry.Submission": NoAccess(platform=ADD),
    "registry.Upload": NoAccess(
        platform=(
            *ADD, change("receipt_no", "received_at", "recorded_at", "recorded_by", "recorded_name", "sent_at")
        )
    ),
    "registry.Verification": NoAccess(platform=ADD),
}  # fmt: skip
