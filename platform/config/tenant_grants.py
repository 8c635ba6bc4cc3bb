"""Grants on the tables of an institution's own schema: to its role, and to the live gateway, by verb and column.

One line for every table; what is not named here, nobody may. Evidence (hours, scores, payments, refunds, answers,
notes) is added and never changed: only the columns named move.
"""

from kernel.db.grants import TenantGrants, change

READ = ("SELECT",)
ADD = ("SELECT", "INSERT")
REMOVE = ("DELETE",)
STATE = ("state", "state_since")

# The gateway locks the attempts for which it writes; a row's lock asks for the right to change some column.
TENANT_TABLES: dict[str, TenantGrants] = {
    "attempts.AnswerLog": TenantGrants(READ, live=("INSERT",)),
    "attempts.Attempt": TenantGrants(
        (
            *ADD,
            change(
                "ending", "ending_at", "finished_at", "finished_by", "held_since", "held_time", "last_seq",
                "lease_epoch", "lease_holder", "lease_wanted", "notice", "started_at", *STATE,
            ),
        ),
        live=(
            "SELECT (id, sitting_id, candidacy_id, lease_epoch, notice, state, started_at, working_time,"
            " added_time, held_time, held_since)",
            change("id"),
        ),
    ),
    "attempts.IdCheck": TenantGrants((*ADD, change("undone_at"))),
    "attempts.Impediment": TenantGrants((*ADD, change("lifted_at"))),
    "attempts.Presence": TenantGrants(READ, live=(*ADD, change("pinged_at"))),
    "attempts.Score": TenantGrants(ADD),
    "attempts.TimeGrant": TenantGrants(ADD),
    "billing.Checkout": TenantGrants((*ADD, change("session_id", "url", "faults", "fault", *STATE))),
    "billing.Dispute": TenantGrants((*ADD, change(*STATE))),
    "billing.Order": TenantGrants((*ADD, change("payer", *STATE))),
    "billing.OrderLine": TenantGrants(ADD),
    "billing.Payment": TenantGrants(ADD),
    "billing.Price": TenantGrants((*ADD, change("withdrawn_at"))),
    "billing.ReceiptCounter": TenantGrants((*ADD, change("last"))),
    "billing.Refund": TenantGrants((*ADD, change("reference", "dismissed_at", "faults", "fault", *STATE))),
    "billing.StripeEvent": TenantGrants((*ADD, change("outcome"))),
    "courses.Attendance": TenantGrants(ADD),
    "courses.Correction": TenantGrants((*ADD, change("decided_by", "decided_name", "received_at", *STATE))),
    "courses.Heartbeat": TenantGrants(ADD),
    "courses.HourEntry": TenantGrants(ADD),
    "courses.Lesson": TenantGrants((*ADD, change("title", "kind", "seconds", "body", "media", "place"))),
    "courses.Participant": TenantGrants((*ADD, change("admitted_at", "left_at", "name"))),
    "courses.Programme": TenantGrants((*ADD, change("title", "class_hours"))),
    "courses.StudySession": TenantGrants(
        (*ADD, change("credited_until", "ended_at", "ended_why", "heartbeat_count", "nonce"))
    ),
    "courses.TrainingClass": TenantGrants(
        (*ADD, change("name", "starts_on", "ends_on", "capacity", "place", "teacher", "teacher_name", *STATE))
    ),
    "proctoring.Command": TenantGrants(ADD),
    "proctoring.Incident": TenantGrants((*ADD, change("outcome", *STATE))),
    "proctoring.Minutes": TenantGrants(ADD),
    "rosters.Enrolment": TenantGrants(
        (
            *ADD,
            change(
                "education", "evidence", "major", "papers_seen_at", "papers_seen_by", "person_masked",
                "person_name", "practice_years", "reasons", "rule", *STATE,
            ),
        )
    ),
    "rosters.Roster": TenantGrants((*ADD, change("done", "file_id", "leaves_refused_out", "name", "taken_by", *STATE))),
    "rosters.RosterLine": TenantGrants(ADD),
    "sittings.Candidacy": TenantGrants((*ADD, change("name", "seat", "left_at", "left_why"), *REMOVE)),
    "sittings.Duty": TenantGrants((*ADD, change("ended_at"))),
    "sittings.Room": TenantGrants((*ADD, change("name", "place", "seats", "withdrawn_at"))),
    "sittings.Sitting": TenantGrants((*ADD, change("filed_at", *STATE)), live=("SELECT (id, state)",)),
    "sittings.SittingEvent": TenantGrants(ADD, live=("INSERT",)),
    "sittings.SittingHead": TenantGrants((*ADD, change("n")), live=(*READ, change("n"))),
    "tenant_records.AuditEntry": TenantGrants((*ADD, change("seal_no", "seal"))),
}  # fmt: skip
