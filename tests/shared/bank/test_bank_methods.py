"""Drawing and marking, for any bank and any answers."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.bank.methods import drawing, scoring
from shared.bank.methods.items import Question
from shared.bank.methods.paper import PaperRule, PartRule, SectionRule
from shared.bank.methods.scoring import QuestionKey

CASE = (PartRule("single", 1), PartRule("single", 1), PartRule("multiple", 2), PartRule("judgement", 1))


def rule(method: str = "all-or-nothing") -> PaperRule:
    """The structure of Hubei 2023, as the pack has it."""
    sections = (
        SectionRule("single", 40, 1),
        SectionRule("multiple", 10, 2),
        SectionRule("judgement", 20, 1),
        SectionRule("case", 4, 5, CASE),
    )
    return PaperRule("jiangxi-2020@5", 120, 100, 60, method, sections)


def pool(single: int = 80, multiple: int = 30, judgement: int = 40, case: int = 15, blocks: int = 10) -> list[Question]:
    parts = tuple(Question("", code, p.kind, "", 4, "B") for code, p in zip("abcd", CASE, strict=True))
    counts = {"single": single, "multiple": multiple, "judgement": judgement, "case": case}
    return [
        Question(f"v-{kind}-{n}", f"{kind}-{n}", kind, f"b{n % blocks}", 5, "ACE", parts if kind == "case" else ())
        for kind, count in counts.items()
        for n in range(count)
    ]


def test_a_paper_has_74_items_numbered_in_the_order_of_its_sections() -> None:
    paper = drawing.draw(rule(), pool(), "seed")
    assert [drawn.no for drawn in paper] == list(range(1, 75))
    assert [drawn.kind for drawn in paper] == ["single"] * 40 + ["multiple"] * 10 + ["judgement"] * 20 + ["case"] * 4
    assert len({drawn.version_id for drawn in paper}) == 74
    assert [question.code for question in paper[-1].questions] == ["a", "b", "c", "d"]


def test_the_same_seed_draws_the_same_paper_whatever_the_order_of_the_pool() -> None:
    paper = drawing.draw(rule(), pool(), "seed")
    assert drawing.draw(rule(), list(reversed(pool())), "seed") == paper
    assert drawing.draw(rule(), pool(), "another") != paper


def test_each_kind_is_spread_over_the_blocks_in_proportion() -> None:
    paper = drawing.draw(rule(), pool(), "seed")
    blocks = [drawn.version_id.rsplit("-", 1)[1] for drawn in paper if drawn.kind == "single"]
    assert sorted(int(n) % 10 for n in blocks) == sorted(list(range(10)) * 4)


def test_a_pool_that_is_too_small_is_told_by_kind_and_never_drawn_from() -> None:
    small = pool(multiple=9, case=3)
    missing = [(short.kind, short.needed, short.available) for short in drawing.shortages(rule(), small)]
    assert missing == [("multiple", 10, 9), ("case", 4, 3)]
    with pytest.raises(ValueError, match="too small"):
        drawing.draw(rule(), small, "seed")


def test_a_case_whose_parts_are_others_than_the_rule_marks_does_not_count() -> None:
    odd = Question("v", "odd", "case", "b", 0, "", (Question("", "a", "single", "", 4, "A"),))
    assert drawing.shortages(rule(), [*pool(case=3), odd]) == [drawing.Shortage("case", 4, 3)]


def test_papers_without_a_common_item_are_counted_by_the_scarcest_kind() -> None:
    assert drawing.disjoint_papers(rule(), pool()) == 2
    assert drawing.disjoint_papers(rule(), pool(single=39)) == 0


def test_a_pool_of_common_items_alone_makes_no_paper() -> None:
    common = [replace(question, common=True) for question in pool()]
    kinds = ["single", "multiple", "judgement", "case"]
    assert drawing.shortages(rule(), common) == [drawing.Shortage(kind, 1, 0, own=True) for kind in kinds]
    assert [s.kind for s in drawing.shortages(rule(), [*common[1:], replace(common[0], common=False)])] == kinds[1:]


@given(own=st.integers(1, 60), avoid=st.booleans(), seed=st.text(min_size=1, max_size=8))
@settings(max_examples=30, deadline=None)
def test_every_section_holds_an_own_item_and_own_and_common_ones_by_what_is_held(
    own: int, avoid: bool, seed: str
) -> None:
    questions = [replace(q, common=int(q.code.rsplit("-", 1)[1]) >= own) for q in pool(single=90)]
    seen = {q.code for q in questions[::3]} if avoid else set()
    common = {q.version_id for q in questions if q.common}
    paper = drawing.draw(rule(), questions, seed, seen)
    assert len({drawn.version_id for drawn in paper}) == 74
    singles = [drawn.version_id for drawn in paper if drawn.kind == "single"]
    mine = sum(version not in common for version in singles)
    assert mine == max(1, (2 * 40 * own + 90) // 180)


@given(
    sizes=st.tuples(st.integers(40, 90), st.integers(10, 30), st.integers(20, 50), st.integers(4, 12)),
    own=st.integers(1, 90),
    seed=st.text(min_size=1, max_size=8),
)
@settings(max_examples=30, deadline=None)
def test_a_paper_that_avoids_another_shares_no_more_than_it_must(sizes: tuple[int, ...], own: int, seed: str) -> None:
    questions = [replace(q, common=int(q.code.rsplit("-", 1)[1]) >= own) for q in pool(*sizes)]
    code = {q.version_id: q.code for q in questions}
    first = {code[drawn.version_id] for drawn in drawing.draw(rule(), questions, seed)}
    second = {code[drawn.version_id] for drawn in drawing.draw(rule(), questions, f"{seed}2", first)}
    assert len(first & second) == drawing.least_overlap(rule(), questions)


def test_a_blueprint_says_what_each_block_gives_and_what_it_lacks() -> None:
    planned = replace(rule(), weights=(("b1", 25), ("b2", 75)))
    assert drawing.shortages(planned, pool(single=80)) == [
        drawing.Shortage("single", 10, 8, block="b1"),
        drawing.Shortage("single", 30, 8, block="b2"),
        drawing.Shortage("multiple", 7, 3, block="b2"),
        drawing.Shortage("judgement", 5, 4, block="b1"),
        drawing.Shortage("judgement", 15, 4, block="b2"),
        drawing.Shortage("case", 3, 2, block="b2"),
    ]
    enough = pool(400, 100, 200, 40)
    blocks = {q.version_id: q.block for q in enough}
    drawn = [blocks[d.version_id] for d in drawing.draw(planned, enough, "seed") if d.kind == "single"]
    assert (drawn.count("b1"), drawn.count("b2")) == (10, 30)
    assert drawing.disjoint_papers(planned, enough) == 1


@given(seed=st.text(min_size=1, max_size=20), options=st.integers(2, 8), data=st.data())
def test_a_shuffled_key_still_names_the_right_options(seed: str, options: int, data: st.DataObject) -> None:
    letters = "ABCDEFGH"[:options]
    key = "".join(sorted(data.draw(st.sets(st.sampled_from(letters), min_size=1))))
    drawn = drawing.shuffled(Question("v", "c", "multiple", "b", options, key), seed=seed)
    assert sorted(drawn.order) == list(letters)
    assert {drawn.order["ABCDEFGH".index(shown)] for shown in drawn.key} == set(key)


def test_a_judgement_is_not_shuffled() -> None:
    drawn = drawing.shuffled(Question("v", "c", "judgement", "b", 0, "F"), seed="x")
    assert (drawn.order, drawn.key) == ("", "F")


keys = st.sets(st.sampled_from("ABCDE"), min_size=2).map(lambda letters: "".join(sorted(letters)))
choices = st.sets(st.sampled_from("ABCDE")).map(lambda letters: "".join(sorted(letters)))


@given(key=keys, choice=choices, points=st.integers(1, 5))
def test_a_multiple_choice_earns_everything_or_nothing(key: str, choice: str, points: int) -> None:
    earned = scoring.mark(QuestionKey("1", "multiple", "multiple", key, points), choice, "all-or-nothing")
    assert earned == (points if choice == key else 0)


@given(key=keys, choice=choices)
def test_half_for_a_subset_gives_half_for_a_true_part_and_nothing_for_a_wrong_letter(key: str, choice: str) -> None:
    earned = scoring.mark(QuestionKey("1", "multiple", "multiple", key, 2), choice, "half-for-subset")
    part = bool(choice) and set(choice) < set(key)
    assert earned == (2 if choice == key else 1 if part else 0)


def question_keys() -> list[QuestionKey]:
    """The questions of a drawn paper."""
    found = []
    for drawn in drawing.draw(rule(), pool(), "seed"):
        section = next(s for s in rule().sections if s.kind == drawn.kind)
        for n, question in enumerate(drawn.questions):
            part = section.parts[n] if section.parts else PartRule(drawn.kind, section.points)
            name = f"{drawn.no}.{question.code}" if question.code else str(drawn.no)
            found.append(QuestionKey(name, drawn.kind, part.kind, question.key, part.points))
    return found


QUESTIONS = question_keys()


def test_all_right_is_the_full_mark_and_nothing_is_nought() -> None:
    full = scoring.score(rule(), QUESTIONS, {q.name: q.key for q in QUESTIONS})
    assert (full.points, full.passed) == (Decimal(100), True)
    assert [(s.points, s.out_of) for s in full.sections] == [(40, 40), (20, 20), (20, 20), (20, 20)]
    nothing = scoring.score(rule(), QUESTIONS, {})
    assert (nothing.points, nothing.passed) == (Decimal(0), False)


@given(
    right=st.sets(st.sampled_from([q.name for q in QUESTIONS])),
    stray=st.dictionaries(st.text(max_size=5), st.just("A")),
)
def test_a_score_is_the_sum_of_what_is_right_and_passes_from_60_on(right: set[str], stray: dict[str, str]) -> None:
    answers = {f"no{name}": choice for name, choice in stray.items()} | {
        q.name: q.key for q in QUESTIONS if q.name in right
    }
    value = scoring.score(rule(), QUESTIONS, answers)
    assert value.points == sum(q.points for q in QUESTIONS if q.name in right)
    assert value.points == sum(section.points for section in value.sections)
    assert value.passed == (value.points >= 60)


@given(
    answers=st.dictionaries(st.sampled_from([q.name for q in QUESTIONS]), choices, max_size=20),
    more=st.sampled_from(QUESTIONS),
)
def test_one_more_right_answer_never_lowers_a_score(answers: dict[str, str], more: QuestionKey) -> None:
    before = scoring.score(rule("half-for-subset"), QUESTIONS, answers).points
    after = scoring.score(rule("half-for-subset"), QUESTIONS, answers | {more.name: more.key}).points
    assert after >= before
