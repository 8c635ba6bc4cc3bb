"""The order of pinyin as a function of the database. Its data was drawn by `manage.py draw_pinyin` and lies beside this file.

A Chinese character becomes one of plane 2 by its place in the order, others stay as they are: the key's bytes sort as the
name does. What the function gives rests on nothing but the name: generated columns and indexes may hold it.
"""

import hashlib
import json
from pathlib import Path

from django.db import migrations

DATA = "25e4ed2ed1c8ec35"  # of its SHA-256: what has landed is kept, and another order comes with another migration
FIRST, LAST = 0x3400, 0x9FFF
FUNCTION = """
CREATE FUNCTION public.pinyin_key(name text, person boolean DEFAULT false) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    others CONSTANT jsonb := '%(others)s';
    key text := '';
    sign text;
    code integer;
    rank integer;
BEGIN
    FOR place IN 1..length(name) LOOP
        sign := substr(name, place, 1);
        code := ascii(sign);
        rank := CASE WHEN code BETWEEN 13312 AND 40959 THEN ('{%(ranks)s}'::int2[])[code - 13311] ELSE 0 END;
        IF rank <> 0 THEN
            IF rank < 0 THEN
                rank := coalesce(
                    CASE WHEN person AND place <= 2 THEN (others ->> ('<' || substr(name, 1, 2) || place))::int END,
                    CASE WHEN person AND place = 1 THEN (others ->> ('<' || sign || '1'))::int END,
                    (others ->> (substr(name, place, 2) || '1'))::int,
                    (others ->> (substr(name, place - 1, 2) || '2'))::int,
                    -rank
                );
            END IF;
            key := key || chr(131072 + rank);
        ELSIF code BETWEEN 13312 AND 40959 OR code >= 131072 THEN
            key := key || chr(262144) || sign;
        ELSE
            key := key || lower(sign);
        END IF;
    END LOOP;
    RETURN convert_to(key, 'UTF8');
END $$;
"""


def _function() -> str:
    ranks: dict[tuple[str, str], int] = {}
    usual: dict[str, int] = {}
    others: dict[str, int] = {}
    data = Path(__file__).with_suffix(".txt").read_text()
    if hashlib.sha256(data.encode()).hexdigest()[:16] != DATA:
        raise ValueError("the data of this migration is not what it was")
    for line in data.splitlines():
        if line[0] in "=<":
            word, *syllables = line.removeprefix("=").split(" ")
            characters = word.removeprefix("<")
            for place, pair in enumerate(zip(characters, syllables, strict=True), start=1):
                if ranks[pair] != usual[pair[0]]:
                    others[f"{word}{place}"] = ranks[pair]
            continue
        syllable, characters = line.split(" ")
        previous = ""
        for character in characters:
            if character != "+":
                ranks[character, syllable] = len(ranks) + 1
                if previous != "+":
                    usual[character] = len(ranks)
            previous = character
    special = {name.removeprefix("<")[int(name[-1]) - 1] for name in others}
    signed = ((-1 if chr(code) in special else 1) * usual.get(chr(code), 0) for code in range(FIRST, LAST + 1))
    return FUNCTION % {"others": json.dumps(others, ensure_ascii=False), "ranks": ",".join(map(str, signed))}


class Migration(migrations.Migration):
    dependencies = [("kernel", "0005_cache_and_limits")]
    operations = [migrations.RunSQL(_function(), "DROP FUNCTION public.pinyin_key(text, boolean)")]
