"""The demonstration's people are invented, stay the same, and pass every check that real ones do."""

from hypothesis import given
from hypothesis import strategies as st

from infra.demo.people import NOBODYS_COUNTY, NOBODYS_RANGE, people, person
from kernel import idnumbers


@given(number=st.integers(1, 99_999_999), seed=st.integers(0, 10**9))
def test_every_number_makes_a_person_whose_numbers_pass_their_checks(number: int, seed: int) -> None:
    someone = person(number, seed=seed)

    resident = idnumbers.resident_id(someone.id_number)

    assert resident.number == someone.id_number
    assert resident.born == someone.born
    assert idnumbers.mobile(someone.mobile) == someone.mobile


def test_the_same_number_is_always_the_same_person() -> None:
    assert list(people(1, 300)) == list(people(1, 300))


def test_no_two_of_the_three_hundred_share_a_number() -> None:
    everybody = list(people(1, 300))

    assert len({one.id_number for one in everybody}) == 300
    assert len({one.mobile for one in everybody}) == 300


def test_nobody_real_can_have_their_numbers() -> None:
    everybody = list(people(1, 300))

    assert {one.id_number[:6] for one in everybody} == {NOBODYS_COUNTY}
    assert {one.mobile[:3] for one in everybody} == {NOBODYS_RANGE}


def test_what_is_shown_of_them_hides_them() -> None:
    someone = person(1)

    assert someone.id_number not in idnumbers.mask_id(someone.id_number)
    assert someone.id_number[8:14] not in idnumbers.mask_id(someone.id_number)
    assert someone.mobile[3:7] not in idnumbers.mask_mobile(someone.mobile)
    assert idnumbers.mask_name(someone.name) != someone.name
