"""Reports of benches: their figures, and when a bench fails."""

import json

from hypothesis import given
from hypothesis import strategies as st

from infra.bench import __main__ as command
from infra.bench.report import Report, Target, ratio

FASTER = Target("faster", 10.0, "x", must=8, goal=20)
SLOW = Target("slow", 250.0, "ms", must=200, goal=40, sense="<=")
NOTHING_LOST = Target("lost", 0, "answers", must=0, goal=0, sense="<=")
ABSENT = Target("absent", None, "x", must=1, why="not here")
INFORMATIVE = Target("informative", 3.0, "1/s")


def test_a_floor_is_met_from_it_on_and_a_ceiling_up_to_it() -> None:
    assert [target.met for target in (FASTER, SLOW, NOTHING_LOST)] == [True, False, True]
    assert [target.at_goal for target in (FASTER, SLOW, NOTHING_LOST)] == [False, False, True]


def test_what_was_not_measured_or_need_not_be_is_neither_met_nor_missed() -> None:
    assert [target.met for target in (ABSENT, INFORMATIVE)] == [None, None]
    assert Report("answers", 1, [FASTER, ABSENT, INFORMATIVE]).missed == []


def test_a_missed_must_is_named() -> None:
    assert Report("answers", 1, [FASTER, SLOW, NOTHING_LOST]).missed == ["slow"]


def test_the_report_for_machines_has_the_agreed_shape() -> None:
    report = json.loads(Report("answers", 7, [SLOW, ABSENT]).as_json())

    assert (report["bench"], report["seed"], sorted(report)) == ("answers", 7, ["bench", "machine", "seed", "targets"])
    assert report["targets"] == [
        {"name": "slow", "value": 250.0, "unit": "ms", "must": 200, "goal": 40, "sense": "<=", "met": False},
        {
            "name": "absent",
            "value": None,
            "unit": "x",
            "must": 1,
            "goal": None,
            "sense": ">=",
            "why": "not here",
            "met": None,
        },
    ]


def test_the_table_for_people_shows_misses_aloud() -> None:
    lines = Report("answers", 7, [FASTER, SLOW, ABSENT]).as_table().splitlines()

    assert lines[0].startswith("answers on ")
    assert lines[3].split() == ["faster", "10", "x", ">=", "8", ">=", "20", "met"]
    assert lines[4].split() == ["slow", "250", "ms", "<=", "200", "<=", "40", "MISSED"]
    assert lines[5].split() == ["absent", "-", "x", ">=", "1", "not", "here"]


@given(st.lists(st.tuples(st.floats(1, 1e6), st.floats(1, 1e6)), min_size=1), st.floats(0.1, 10))
def test_what_slows_both_of_a_pair_changes_no_ratio(pairs: list[tuple[float, float]], slower: float) -> None:
    slowed = [(first * slower, second * slower) for first, second in pairs]

    assert abs(ratio(slowed) / ratio(pairs) - 1) < 1e-9


def test_the_benches_are_listed(capsys) -> None:
    assert command.main(["--list"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == sorted(command.BENCHES)


def test_no_name_is_no_bench(capsys) -> None:
    assert command.main([]) == 2
