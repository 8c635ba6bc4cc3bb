"""No seat becomes final by a row of the matrix before a person has looked at the papers, whoever writes.

Whoever was in training before keeps the seat; that nobody is tested so is held where candidates are (sittings 0007).
"""

from django.db import migrations

from kernel.db.moves import RefuseChange


class Migration(migrations.Migration):
    dependencies = [("rosters", "0003_papers_seen"), ("kernel", "0008_held_moves")]
    operations = [
        RefuseChange(
            "rosters_enrolment",
            "papers_first",
            "NEW.state = 'confirmed' AND OLD.state <> 'confirmed' AND NEW.rule <> '' AND NEW.papers_seen_at IS NULL",
        ),
    ]
