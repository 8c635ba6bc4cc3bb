"""How far an institution reaches into each shared table, and the live gateway into an institution's.

One line for every shared table, packages' too; the database holds it (kernel.reach, kernel.walls), and docs/security.md
shows it. Narrow first: what an institution has no business with is hidden, what is everybody's is a reference, what
carries an institution's rows shows it its own. `Shared` is an exception, and says why it is not narrower.
"""

from kernel.reach import Hidden, InSchema, OwnRows, Reach, Reference, Rows, Shared

ALL = ("SELECT", "INSERT", "UPDATE", "DELETE")
NOTES = ("SELECT", "INSERT", "UPDATE (seal_no, seal)")
READ = ("SELECT",)
WRITE = ("SELECT", "INSERT", "UPDATE")
WHO = "whoever comes in, is enrolled or told something is found by key or blind index; nobody is an institution's alone"
OF_THE_DOOR = "sign-in stands at the platform's host"
EXCHANGED = "between the platform and outside systems"
OPERATED = "the operator's"

SHARED: dict[str, Reach] = {
    # packages
    "account.EmailAddress": Shared(WHO, rights=("SELECT", "INSERT")),
    "account.EmailConfirmation": Hidden(OF_THE_DOOR),
    "auth.Group": Hidden("not used"),
    "auth.Group_permissions": Hidden("not used"),
    "auth.Permission": Hidden("not used"),
    "contenttypes.ContentType": Hidden("not used"),
    "mfa.Authenticator": Shared("whether somebody has a second factor", rights=("SELECT (id, user_id, type)",)),
    # bank: all reading and drawing is done by shared.bank itself, on the platform's side (docs/security.md)
    "bank.Item": Hidden("questions and keys"),
    "bank.ItemVersion": Hidden("questions and keys"),
    "bank.Paper": Hidden("its seed and the bank give the key"),
    "bank.PaperKey": Hidden("the answer keys"),
    # certificates: asked for and issued on the platform's side
    "certificates.Certificate": OwnRows("institution_id", rights=READ),
    "certificates.CertificateVersion": Rows(
        "of its own certificates",
        rows="EXISTS (SELECT 1 FROM public.certificates_certificate c WHERE c.id = certificate_id)",
        rights=READ,
    ),
    "certificates.EducationLine": Rows(
        "of its own certificates",
        rows="EXISTS (SELECT 1 FROM public.certificates_certificate c WHERE c.id = certificate_id)",
        rights=READ,
    ),
    # exchange: messages to and from outside systems leave and come on the platform's side
    "exchange.Announcement": Hidden(EXCHANGED),
    "exchange.Arrival": Hidden(EXCHANGED),
    "exchange.Discrepancy": Hidden(EXCHANGED),
    "exchange.HourRecord": Hidden(EXCHANGED),
    "exchange.Message": Hidden(EXCHANGED),
    "exchange.Round": Hidden(EXCHANGED),
    "exchange.Upload": Hidden(EXCHANGED),
    # identity
    "identity.Account": Shared(
        WHO, rights=("SELECT", "INSERT", "UPDATE (last_login, name, person_id, language, mobile, mobile_blind)")
    ),
    "identity.ActiveEnrolment": OwnRows("institution_id"),
    "identity.ApiToken": Shared("a machine's token is found by its digest", rights=READ),
    "identity.Consent": Shared("a person's consents count everywhere", rights=WRITE),
    "identity.ConsentText": Reference(),
    "identity.Employer": Reference(),
    "identity.LearningLease": OwnRows("institution_id", rights=("SELECT", "INSERT", "UPDATE", "DELETE")),
    "identity.Person": Shared(WHO, rights=WRITE),
    "identity.RecoveryRequest": Shared("a request is brought to whichever counter", rights=READ),
    "identity.RoleGrant": Rows(
        "all are seen, for a refusal may rest on any; written are those of its own organisation",
        rows="true",
        new_rows="scope = (SELECT public.wall_organisation()::text)",
        rights=WRITE,
    ),
    "identity.SeatLease": OwnRows("institution_id", rights=("SELECT", "INSERT", "DELETE")),
    "identity.SignIn": Shared("a sign-in is one for all hosts", rights=("SELECT", "UPDATE (ended_at)")),
    # institutions
    "institutions.Archive": Hidden(OPERATED),
    "institutions.Deletion": Hidden(OPERATED),
    "institutions.MigrationRun": Hidden(OPERATED),
    "institutions.RestoredCopy": Hidden(OPERATED),
    "institutions.SpareSchema": Hidden(OPERATED),
    "institutions.Domain": Reference(),
    "institutions.Institution": Reference(),
    "institutions.Organisation": OwnRows("id", "organisation", rights=READ),
    "institutions.Ruling": OwnRows("organisation_id", "organisation", rights=READ),
    "institutions.StandingEntry": OwnRows("organisation_id", "organisation", rights=READ),
    # notices
    "notices.Message": OwnRows("schema", "schema"),
    "notices.Notice": Shared("a person's notices are the same at every host", rights=WRITE),
    # oversight: what an institution has told is the evidence
    "oversight.ToldIncident": OwnRows("institution_id"),
    "oversight.ToldPrice": OwnRows("institution_id"),
    "oversight.ToldSitting": OwnRows("institution_id"),
    # policy
    "policy.Authority": Reference(),
    "policy.CalendarDay": Reference(),
    "policy.CalendarPlan": Reference(),
    "policy.FeeCap": Reference(),
    "policy.PolicyDraft": Hidden("the drafting officers'"),
    "policy.PolicyPack": Reference(),
    # privacy
    "privacy.Assessment": Hidden(),
    "privacy.Breach": OwnRows("institution_id"),
    "privacy.BreachEntry": Rows(
        "of its own breaches",
        rows="EXISTS (SELECT 1 FROM public.privacy_breach b WHERE b.id = breach_id)",
        rights=WRITE,
    ),
    "privacy.Closing": Shared("each institution answers what it keeps of a person", rights=READ),
    "privacy.ClosingAnswer": OwnRows("institution_id"),
    "privacy.Copy": Shared(
        "each institution gives its part", rights=("SELECT (id, account_id, person_id, language, state)",)
    ),
    "privacy.CopyPart": OwnRows("institution_id"),
    "privacy.Correction": OwnRows("institution_id"),
    "privacy.Deletion": OwnRows("institution_id", rights=("SELECT", "INSERT")),
    "privacy.Entrusting": Hidden(),
    "privacy.Hold": Reference("id", "person_id", "placed_at", "lifted_at", why="what is held is not deleted"),
    # rankings: ratings are taken and counted on the platform's side
    "rankings.AuthorityScore": Hidden("the authority's"),
    "rankings.Rating": OwnRows("institution_id", rights=READ),
    "rankings.RatingMonth": OwnRows("institution_id", rights=READ),
    "rankings.StarResult": OwnRows("institution_id", rights=READ),
    "rankings.StarRun": Reference(),
    # records
    "records.AuditEntry": OwnRows("schema", "schema", rights=("SELECT", "INSERT"), platform=NOTES),
    "records.File": Rows(
        "its own, and its certificates'",
        rows="owner_schema = (SELECT public.wall_schema())"
        " OR EXISTS (SELECT 1 FROM public.certificates_certificateversion v WHERE v.file_id = records_file.id)",
        new_rows="owner_schema = (SELECT public.wall_schema())",
        rights=WRITE,
    ),
    "records.Heartbeat": Hidden("the worker's and beat's"),
    "records.IdempotencyKey": OwnRows("schema", "schema", rights=ALL),
    "records.Outbox": OwnRows("schema", "schema"),
    "records.Session": OwnRows("schema", "schema", rights=ALL),
    "records.Ticket": OwnRows("host", "host", rights=("SELECT", "DELETE")),
    # registry: between an organisation and its authority, at the platform's host
    "registry.Check": Hidden(),
    "registry.Commitment": Hidden(),
    "registry.Evidence": Hidden(),
    "registry.Line": Hidden(),
    "registry.Objection": Hidden(),
    "registry.PublicNotice": Hidden(),
    "registry.Submission": Hidden(),
    "registry.Upload": Hidden(),
    "registry.Verification": Hidden(),
}

# The gateway locks the attempts for which it writes (a row's lock asks for the right to change some column).
IN_SCHEMA: dict[str, InSchema] = {
    "exams.AnswerLog": InSchema(("SELECT", "INSERT"), live=("INSERT",)),
    "exams.Attempt": InSchema(
        live=(
            "SELECT (id, sitting_id, candidacy_id, lease_epoch, notice, state, started_at, working, added, held,"
            " held_since)",
            "UPDATE (id)",
        )
    ),
    "exams.Presence": InSchema(live=("SELECT", "INSERT", "UPDATE (pinged_at)")),
    "exams.Sitting": InSchema(live=("SELECT (id, state)",)),
    "exams.SittingEvent": InSchema(("SELECT", "INSERT"), live=("INSERT",)),
    "exams.SittingHead": InSchema(live=("SELECT", "UPDATE (n)")),
}
