"""One way: a row moves only along its chart, under a lock, with a note."""

import pytest
from django.db import connection, transaction

from kernel import access, audit, states, tenancy
from shared.institutions.models import Organisation
from shared.institutions.states import STANDING, Standing
from shared.registry.models.commitments import Commitment
from shared.registry.states import COMMITMENT, State


@pytest.fixture
def organisation(public_db: None, institutions: tuple[object, object]) -> Organisation:
    return Organisation.objects.get(institution__slug="alpha")


def test_an_officer_suspends_and_the_note_says_who_when_and_why(organisation, as_actor, at):
    officer = as_actor("city_officer", scope="360100", name="演示官员")
    with transaction.atomic():
        STANDING.move(organisation, "suspend", by=officer, at=at, why="培训场地不符")
    organisation.refresh_from_db()
    assert (organisation.state, organisation.state_since) == (Standing.SUSPENDED, at)
    [note] = audit.history(organisation)
    assert (note.verb, note.actor_name, note.acting_as) == ("standing.suspend", "演示官员", "city_officer")
    assert note.before["state"] == "listed"
    assert note.after["state"] == "suspended"
    assert note.why == "培训场地不符"


def test_a_move_that_is_not_possible_now_changes_nothing(organisation, as_actor, at):
    with pytest.raises(states.WrongState), transaction.atomic():
        STANDING.move(organisation, "resume", by=as_actor("city_officer"), at=at)
    organisation.refresh_from_db()
    assert organisation.state == Standing.LISTED
    assert audit.history(organisation) == []


def test_a_person_without_the_role_is_refused_and_nothing_changes(organisation, as_actor, at):
    with pytest.raises(access.Denied), transaction.atomic():
        STANDING.move(organisation, "remove", by=as_actor("principal"), at=at)
    organisation.refresh_from_db()
    assert organisation.state == Standing.LISTED


def test_a_stale_copy_cannot_move_what_has_moved_on(organisation, as_actor, at):
    stale = Organisation.objects.get(pk=organisation.pk)
    with transaction.atomic():
        STANDING.move(organisation, "suspend", by=as_actor("city_officer"), at=at)
    with pytest.raises(states.WrongState), transaction.atomic():
        STANDING.move(stale, "stop_enrolling", by=as_actor("principal"), at=at)


def test_a_row_that_was_locked_before_is_not_read_again(organisation, as_actor, at, django_assert_num_queries):
    with transaction.atomic():
        locked = Organisation.objects.select_for_update().get(pk=organisation.pk)
        with django_assert_num_queries(3):  # the move, its note, and the request to seal it
            STANDING.move(locked, "suspend", by=as_actor("city_officer"), at=at, locked=True)
        with pytest.raises(states.WrongState):
            STANDING.move(locked, "suspend", by=as_actor("city_officer"), at=at, locked=True)
    [note] = audit.history(organisation)
    assert (note.before["state"], note.after["state"]) == ("listed", "suspended")


def test_the_database_refuses_a_state_that_is_not_on_the_chart(organisation):
    with pytest.raises(Exception, match="institutions_organisation goes from listed to bloom"), transaction.atomic():
        Organisation.objects.filter(pk=organisation.pk).update(state="blooming")


@pytest.mark.parametrize("name", sorted(states.charts))
def test_every_state_of_every_chart_can_be_reached_and_every_move_is_owned(name):
    chart = states.charts[name]
    assert states.reachable(chart) == set(chart.states.values)
    assert all(move.roles for move in chart.moves)


def test_a_move_outside_of_a_transaction_is_a_fault_of_the_program():
    assert connection.in_atomic_block is False
    with pytest.raises(transaction.TransactionManagementError):
        STANDING.move(Organisation(), "suspend", by=access.SYSTEM, at=None)  # type: ignore[arg-type]


def test_a_chart_gives_a_row_its_words_its_tone_and_what_it_is(organisation):
    assert STANDING.badge(organisation) == states.Badge(Standing.LISTED.label, states.Tone.GOOD)
    assert (organisation.chooses_to_enrol, organisation.is_registered) == (True, False)


def test_what_is_offered_depends_on_the_state_and_on_who_looks(organisation, as_actor):
    assert list(STANDING.offers(organisation, as_actor("principal"))) == ["stop_enrolling"]
    assert list(STANDING.offers(organisation, as_actor("city_officer"))) == ["suspend", "remove"]
    assert STANDING.offers(organisation, as_actor("cashier")) == {}


def test_a_way_out_is_offered_but_not_announced_as_what_comes_next():
    draft = Commitment(state=State.DRAFT)
    assert draft.may_be_withdrawn
    assert "withdraw" not in [move.name for move in COMMITMENT.next_moves(draft)]


def test_a_life_line_names_people_and_leaves_the_platform_unnamed(organisation, as_actor, at):
    with transaction.atomic():
        audit.note("organisation.recount", organisation, by=access.SYSTEM, at=at)
        STANDING.move(organisation, "suspend", by=as_actor("city_officer", name="演示官员"), at=at, why="场地不符")
    steps = states.timeline(organisation, {"organisation.recount": "Counted again"})
    assert [(step.label, step.actor_name, step.why) for step in steps] == [
        ("Counted again", "", ""),
        (STANDING.by_name["suspend"].label, "演示官员", "场地不符"),
    ]


def test_the_open_institution_has_a_key_and_the_public_schema_has_none(public_db):
    with pytest.raises(RuntimeError):
        tenancy.institution_id()
