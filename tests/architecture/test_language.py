"""Names are the field's, Django's and PostgreSQL's words; the old dialect does not come back."""

import io
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = (ROOT / "platform", ROOT / "tenants", ROOT / "infra")
FORBIDDEN = frozenset(
    """
    told Told tell_sitting thaw thawed tongue besides whom housed House Keeping Tenure Beaten Studying
    clockwork clockworks Clockwork Heard hears speaks Sending Arriving Loading Matter Whose rests_on
    looked_at got_at AboveCap OverTheCap UnderCap hand_over take_over till singly strangers troubled
    boxed ladder Wish Leg honours tomorrow surrender NotNow NotTaking TooMuchBack OneIsOpen SayWhat
    TrainsOn Nowhere Away
    """.split()  # noqa: SIM905  # a list of sixty quoted words is no easier to read
)


def dialect(source: str) -> list[str]:
    """Return the names of a source that belong to the old dialect, with their lines."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return [f"{t.start[0]}: {t.string}" for t in tokens if t.type == tokenize.NAME and t.string in FORBIDDEN]


@pytest.mark.parametrize("base", OURS, ids=lambda base: base.name)
def test_no_name_speaks_the_old_dialect(base: Path) -> None:
    wrong = {
        str(path.relative_to(ROOT)): names
        for path in sorted(base.rglob("*.py"))
        if "migrations" not in path.parts and (names := dialect(path.read_text()))
    }
    assert wrong == {}


def test_a_planted_name_is_found_and_words_in_prose_are_not() -> None:
    assert dialect('told = {}\n# told by the clockwork\n"""Told."""\n') == ["1: told"]
