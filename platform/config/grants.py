"""Grants: what an institution may do with each shared table, and the live gateway with an institution's.

One line for every shared table, packages' too; kernel.db.row_security applies it to the database and docs/security.md
shows it. Narrow first: `NoAccess` unless an institution needs the table, `ReadOnly` where the rows are everybody's,
`OwnRows` where they are an institution's. `AllRows` is an exception, and says why it is not narrower.
"""

from kernel.db.grants import AllRows, NoAccess, OwnRows, ReadOnly, SharedGrants, SomeRows, TenantGrants

ALL = ("SELECT", "INSERT", "UPDATE", "DELETE")
NOTES = ("SELECT", "INSERT", "UPDATE (seal_no, seal)")
READ = ("SELECT",)
WRITE = ("SELECT", "INSERT", "UPDATE")
FOUND_BY_KEY = (
    "whoever signs in, is enrolled or notified is found by key or blind index; nobody is an institution's alone"
)
SIGN_IN = "sign-in stands at the platform's host"
EXCHANGE = "between the platform and outside systems"
OPERATOR = "the operator's"

SHARED_TABLES: dict[str, SharedGrants] = {
    # packages
    "account.EmailAddress": AllRows(FOUND_BY_KEY, rights=("SELECT", "INSERT")),
    "account.EmailConfirmation": NoAccess(SIGN_IN),
    "auth.Group": NoAccess("not used"),
    "auth.Group_permissions": NoAccess("not used"),
    "auth.Permission": NoAccess("not used"),
    "contenttypes.ContentType": NoAccess("not used"),
    "mfa.Authenticator": AllRows("whether somebody has a second factor", rights=("SELECT (id, user_id, type)",)),
    # bank: all reading and drawing is done by shared.bank itself, on the platform's side (docs/security.md)
    "bank.Item": NoAccess("questions and keys"),
    "bank.ItemVersion": NoAccess("questions and keys"),
    "bank.Paper": NoAccess("its seed and the bank give the key"),
    "bank.PaperKey": NoAccess("the answer keys"),
    # certificates: asked for and issued on the platform's side
    "certificates.Certificate": OwnRows("institution_id", rights=READ),
    "certificates.CertificateVersion": SomeRows(
        "of its own certificates",
        rows="EXISTS (SELECT 1 FROM public.certificates_certificate c WHERE c.id = certificate_id)",
        rights=READ,
    ),
    "certificates.EducationLine": SomeRows(
        "of its own certificates",
        rows="EXISTS (SELECT 1 FROM public.certificates_certificate c WHERE c.id = certificate_id)",
        rights=READ,
    ),
    # exchange: messages to and from outside systems leave and come on the platform's side
    "registry.Announcement": NoAccess(EXCHANGE),
    "exchange.Arrival": NoAccess(EXCHANGE),
    "exchange.Discrepancy": NoAccess(EXCHANGE),
    "education.HourRecord": NoAccess(EXCHANGE),
    "exchange.Message": NoAccess(EXCHANGE),
    "exchange.Reconciliation": NoAccess(EXCHANGE),
    "exchange.ImportFile": NoAccess(EXCHANGE),
    # identity
    "identity.Account": AllRows(
        FOUND_BY_KEY,
        rights=("SELECT", "INSERT", "UPDATE (last_login, name, person_id, language, mobile, mobile_blind)"),
    ),
    "identity.ActiveEnrolment": OwnRows("institution_id"),
    "identity.ApiToken": AllRows("a machine's token is found by its digest", rights=READ),
    "identity.Consent": AllRows("a person's consents count everywhere", rights=WRITE),
    "identity.ConsentText": ReadOnly(),
    "identity.Employer": ReadOnly(),
    "identity.LearningLease": OwnRows("institution_id", rights=("SELECT", "INSERT", "UPDATE", "DELETE")),
    "identity.Person": AllRows(FOUND_BY_KEY, rights=WRITE),
    "identity.RecoveryRequest": AllRows("a request is brought to whichever counter", rights=READ),
    "identity.RoleGrant": SomeRows(
        "all are seen, for a refusal may rest on any; written are those of its own organisation",
        rows="true",
        new_rows="scope = (SELECT public.current_organisation()::text)",
        rights=WRITE,
    ),
    "identity.SeatLease": OwnRows("institution_id", rights=("SELECT", "INSERT", "DELETE")),
    "identity.SignIn": AllRows("a sign-in is one for all hosts", rights=("SELECT", "UPDATE (ended_at)")),
    # institutions
    "hosting.Archive": NoAccess(OPERATOR),
    "hosting.Deletion": NoAccess(OPERATOR),
    "hosting.MigrationRun": NoAccess(OPERATOR),
    "hosting.RestoredCopy": NoAccess(OPERATOR),
    "hosting.SpareSchema": NoAccess(OPERATOR),
    "institutions.Domain": ReadOnly(),
    "institutions.Institution": ReadOnly(),
    "institutions.Organisation": OwnRows("id", "organisation", rights=READ),
    "institutions.Ruling": OwnRows("organisation_id", "organisation", rights=READ),
    "institutions.StandingEntry": OwnRows("organisation_id", "organisation", rights=READ),
    # notices
    "notices.Message": OwnRows("schema", "schema"),
    "notices.Notice": AllRows("a person's notices are the same at every host", rights=WRITE),
    # oversight: what an institution has filed is the evidence
    "filings.ReportedIncident": OwnRows("institution_id"),
    "filings.PublishedPrice": OwnRows("institution_id"),
    "filings.FiledSitting": OwnRows("institution_id"),
    # policy
    "policy.Authority": ReadOnly(),
    "policy.CalendarDay": ReadOnly(),
    "policy.CalendarPlan": ReadOnly(),
    "policy.FeeCap": ReadOnly(),
    "lawbook.PolicyDraft": NoAccess("the drafting officers'"),
    "policy.PolicyPack": ReadOnly(),
    # privacy
    "privacy.Assessment": NoAccess(),
    "privacy.Breach": OwnRows("institution_id"),
    "privacy.BreachEntry": SomeRows(
        "of its own breaches",
        rows="EXISTS (SELECT 1 FROM public.privacy_breach b WHERE b.id = breach_id)",
        rights=WRITE,
    ),
    "privacy.Closing": AllRows("each institution answers what it keeps of a person", rights=READ),
    "privacy.ClosingAnswer": OwnRows("institution_id"),
    "privacy.Copy": AllRows(
        "each institution gives its part", rights=("SELECT (id, account_id, person_id, language, state)",)
    ),
    "privacy.CopyPart": OwnRows("institution_id"),
    "privacy.Correction": OwnRows("institution_id"),
    "privacy.Deletion": OwnRows("institution_id", rights=("SELECT", "INSERT")),
    "privacy.Entrusting": NoAccess(),
    "privacy.Hold": ReadOnly("id", "person_id", "placed_at", "lifted_at", why="what is held is not deleted"),
    # rankings: ratings are taken and counted on the platform's side
    "rankings.AuthorityScore": NoAccess("the authority's"),
    "rankings.Rating": OwnRows("institution_id", rights=READ),
    "rankings.RatingMonth": OwnRows("institution_id", rights=READ),
    "rankings.StarResult": OwnRows("institution_id", rights=READ),
    "rankings.StarRun": ReadOnly(),
    # records
    "kernel.AuditEntry": OwnRows("schema", "schema", rights=("SELECT", "INSERT"), platform=NOTES),
    "records.File": SomeRows(
        "its own, and its certificates'",
        rows="owner_schema = (SELECT public.current_institution_schema())"
        " OR EXISTS (SELECT 1 FROM public.certificates_certificateversion v WHERE v.file_id = records_file.id)",
        new_rows="owner_schema = (SELECT public.current_institution_schema())",
        rights=WRITE,
    ),
    "kernel.Heartbeat": NoAccess("the worker's and beat's"),
    "kernel.IdempotencyKey": OwnRows("schema", "schema", rights=ALL),
    "kernel.Outbox": OwnRows("schema", "schema"),
    "kernel.Session": OwnRows("schema", "schema", rights=ALL),
    "records.Ticket": OwnRows("host", "host", rights=("SELECT", "DELETE")),
    # registry: between an organisation and its authority, at the platform's host
    "registry.Check": NoAccess(),
    "registry.Commitment": NoAccess(),
    "registry.Evidence": NoAccess(),
    "registry.Line": NoAccess(),
    "registry.Objection": NoAccess(),
    "registry.PublicNotice": NoAccess(),
    "registry.Submission": NoAccess(),
    "registry.Upload": NoAccess(),
    "registry.Verification": NoAccess(),
}

# The gateway locks the attempts for which it writes (a row's lock asks for the right to change some column).
TENANT_TABLES: dict[str, TenantGrants] = {
    "attempts.AnswerLog": TenantGrants(("SELECT", "INSERT"), live=("INSERT",)),
    "attempts.Attempt": TenantGrants(
        live=(
            "SELECT (id, sitting_id, candidacy_id, lease_epoch, notice, state, started_at, working_time,"
            " added_time, held_time, held_since)",
            "UPDATE (id)",
        )
    ),
    "attempts.Presence": TenantGrants(live=("SELECT", "INSERT", "UPDATE (pinged_at)")),
    "sittings.Sitting": TenantGrants(live=("SELECT (id, state)",)),
    "sittings.SittingEvent": TenantGrants(("SELECT", "INSERT"), live=("INSERT",)),
    "sittings.SittingHead": TenantGrants(live=("SELECT", "UPDATE (n)")),
}
