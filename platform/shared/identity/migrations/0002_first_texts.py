"""The first privacy notice and the first words of each separate consent, from texts/2026-01.toml."""

import hashlib
import json
import tomllib
from datetime import datetime, UTC
from pathlib import Path

from django.db import migrations

VERSION = "2026-01"
TEXT_FIELDS = ("title", "title_en", "body", "body_en", "instead", "instead_en", "changes", "changes_en")
IN_FORCE = datetime(2025, 12, 31, 16, 0, tzinfo=UTC)  # 1 January 2026 in China


def load(apps, schema_editor):
    texts = tomllib.loads((Path(__file__).parents[1] / "texts" / f"{VERSION}.toml").read_text("utf-8"))
    model = apps.get_model("identity", "ConsentText")
    for kind, said in texts.items():
        words = {name: said.get(name, "").strip() for name in TEXT_FIELDS}
        plain = json.dumps([words[name] for name in TEXT_FIELDS], ensure_ascii=False, separators=(",", ":"))
        model.objects.create(
            kind=kind,
            version=VERSION,
            in_force_from=IN_FORCE,
            published_at=IN_FORCE,
            digest=hashlib.sha256(plain.encode()).hexdigest(),
            **words,
        )


class Migration(migrations.Migration):

    dependencies = [("identity", "0001_initial")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
