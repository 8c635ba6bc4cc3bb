"""Folding as functions of the database: the same as `kernel.folding` folds, by which columns are generated and lists
are searched. What they give rests on nothing but the text. Another way to fold comes with another migration.
"""

from django.db import migrations

INVISIBLE = (
    r"\u00AD\u034F\u0600-\u0605\u061C\u06DD\u070F\u0890\u0891\u08E2\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F"
    r"\u202A-\u202E\u2060-\u206F\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF9-\uFFFB\U000110BD\U000110CD\U00013430-\U0001343F"
    r"\U0001BCA0-\U0001BCA3\U0001D173-\U0001D17A\U000E0001\U000E0020-\U000E007F\U000E0100-\U000E01EF"
)
BLANK = r"\u0009-\u000D\u001C-\u0020\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000"
HAN = r"\u3005\u3007\u3400-\u4DBF\u4E00-\u9FFF\uF900-\uFAFF\U00020000-\U0003FFFD"
DOTS, DASHES = "•・‧･∙⋅·●⸱⦁᛫", "‐‑‒–—―−﹣"
FULL = "".join(map(chr, range(0xFF01, 0xFF5F)))
HALF = "".join(map(chr, range(0x21, 0x7F))).replace("'", "''")
FUNCTION = "CREATE FUNCTION public.%s(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT %s $$"


def _replaced(text: str, pattern: str, by: str) -> str:
    return f"regexp_replace({text}, '{pattern}', '{by}', 'g')"


def _name() -> str:
    visible = _replaced("$1", f"[{INVISIBLE}]+", "")
    text = f"normalize(translate({visible}, '{DOTS}', '{'·' * len(DOTS)}'), NFKC)"
    text = _replaced(text, f"[{BLANK}]+", " ")
    text = _replaced(text, f"(?<=[{HAN}]) *[.．] *(?=[{HAN}])", "·")
    text = _replaced(text, " *· *", "·")
    text = _replaced(text, f"(?<=[{HAN}]) (?=[{HAN}])", "")
    return f"""lower(btrim({text}, ' ') COLLATE "C")"""


def _number() -> str:
    visible = _replaced("$1", f"[{INVISIBLE}]+", "")
    plain = f"translate({visible}, '{FULL}{DASHES}', '{HALF}{'-' * len(DASHES)}')"
    return f"""upper({_replaced(plain, f"[{BLANK}]+", "")} COLLATE "C")"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0009_bounds")]
    operations = [
        migrations.RunSQL([(FUNCTION % ("folded_name", _name()), None)], "DROP FUNCTION public.folded_name(text)"),
        migrations.RunSQL([(FUNCTION % ("folded_number", _number()), None)], "DROP FUNCTION public.folded_number(text)"),
    ]
