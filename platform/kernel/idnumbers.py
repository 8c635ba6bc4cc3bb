"""Numbers that identify people and organisations: what makes them right, how they are shown, how test ones are made.

GB 11643-1999 (resident identity), GB 32100-2015 with GB 11714 (unified social credit code), mobile numbers. A county
code is never a reason to refuse: numbers are assigned late and counties renamed, so real people hold codes no list has.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Literal

from django.utils.translation import gettext_lazy as _

from kernel import folding
from kernel.errors import Invalid

Sex = Literal["male", "female"]
Kind = Literal["resident", "residence-permit", "permanent-residence"]

YOUNGEST, OLDEST = 16, 100  # who may plausibly hold a number here; who may enrol is for the policy to say

_PROVINCES = frozenset(
    [*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83]
)
_RESIDENT = re.compile(r"[1-9][0-9]{16}[0-9X]")
_FIRST_GENERATION = re.compile(r"[1-9][0-9]{14}")
_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT = re.compile(rf"[{_CREDIT_ALPHABET}]{{2}}[0-9]{{6}}[0-9A-Z]{{8}}[0-9X][{_CREDIT_ALPHABET}]")
_CREDIT_WEIGHTS = tuple(3**place % 31 for place in range(17))
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)

_MOBILE = re.compile(r"1[3-9][0-9]{9}")


class NotAResidentId(Invalid):
    """The text is no resident identity number."""

    code: ClassVar[str] = "not-a-resident-id"
    message = _("Enter the 18 characters of the identity number: 17 digits, then a digit or X.")


class NotACreditCode(Invalid):
    """The text is no unified social credit code."""

    code: ClassVar[str] = "not-a-credit-code"
    message = _("Enter the 18 characters of the unified social credit code; the letters I, O, S, V and Z never occur.")


class NotAMobile(Invalid):
    """The text is no mobile number of mainland China."""

    code: ClassVar[str] = "not-a-mobile"
    message = _("Enter a mobile number of 11 digits beginning with 1.")


@dataclass(frozen=True, slots=True)
class ResidentId:
    """An identity number that is right in itself; whether it was ever issued only the police know."""

    number: str
    sex: Sex
    born: date

    @property
    def kind(self) -> Kind:
        """Return what card carries it: a foreigner's (9), that of Hong Kong, Macao or Taiwan (8), or a citizen's."""
        kinds: dict[str, Kind] = {"9": "permanent-residence", "8": "residence-permit"}
        return kinds.get(self.number[0], "resident")


def age_on(born: date, day: date) -> int:
    """Return the completed years of age on `day`; who is born on 29 February turns on 1 March in common years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def resident_id(value: str, *, on: date | None = None) -> ResidentId:
    """Return the identity number in `value`, or refuse with what is wrong with it.

    Checked are shape, province, date, check character and, where the day `on` is given, an age of 16 to 100 years.
    """
    number = folding.number(value)
    if _FIRST_GENERATION.fullmatch(number):
        raise NotAResidentId(
            _("Numbers of 15 digits are no longer valid. Enter the 18 characters of the present identity card.")
        )
    if not _RESIDENT.fullmatch(number):
        raise NotAResidentId
    if number[0] != "9" and int(number[:2]) not in _PROVINCES:
        raise NotAResidentId(_("No identity number begins with %(start)s."), start=number[:2])
    if resident_check(number[:17]) != number[17]:
        raise NotAResidentId(_("The last character does not fit the others: the number is mistyped."))
    born = _birth_date(number)
    if on is not None and not YOUNGEST <= age_on(born, on) <= OLDEST:
        raise NotAResidentId(
            _("By this number the person was born on %(born)s; ages of %(youngest)s to %(oldest)s are possible."),
            born=born.isoformat(),
            youngest=YOUNGEST,
            oldest=OLDEST,
        )
    return ResidentId(number, "male" if int(number[16]) % 2 else "female", born)


def _birth_date(number: str) -> date:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise NotAResidentId(_("Characters 7 to 14 of the identity number are no date of birth.")) from None


def resident_check(body: str) -> str:
    """Return the check character of 17 digits (ISO 7064 MOD 11-2)."""
    return "10X98765432"[sum(int(d) * w for d, w in zip(body, _RESIDENT_WEIGHTS, strict=True)) % 11]


def make_resident_id(area: str, born: date, serial: int) -> str:
    """Return the number of an area (6 digits), birthday and serial (0-999, odd for men), for demo and tests."""
    body = f"{area}{born:%Y%m%d}{serial:03d}"
    return body + resident_check(body)


def credit_code(value: str) -> str:
    """Return the unified social credit code in `value`, normalised, or refuse with what is wrong with it."""
    code = folding.number(value)
    if not _CREDIT.fullmatch(code):
        raise NotACreditCode
    if credit_check(code[:17]) != code[17] or organisation_check(code[8:16]) != code[16]:
        raise NotACreditCode(_("The check characters do not fit the others: the credit code is mistyped."))
    return code


def credit_check(body: str) -> str:
    """Return the check character of the first 17 characters of a credit code (GB 32100-2015)."""
    total = sum(_CREDIT_ALPHABET.index(c) * w for c, w in zip(body, _CREDIT_WEIGHTS, strict=True))
    return _CREDIT_ALPHABET[-total % 31]


def organisation_check(body: str) -> str:
    """Return the check character of the 8 characters of an organisation code (GB 11714)."""
    total = sum(_ORGANISATION_ALPHABET.index(c) * w for c, w in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def make_credit_code(head: str, division: str, organisation: str) -> str:
    """Return the code of a department and kind (2), a division (6) and an organisation (8), for demo and tests."""
    body = f"{head}{division}{organisation}{organisation_check(organisation)}"
    return body + credit_check(body)


def mobile(value: str) -> str:
    """Return the 11 digits of a mobile number, or refuse. Only a code sent to it proves that it is somebody's."""
    number = folding.mobile(value)
    if not _MOBILE.fullmatch(number):
        raise NotAMobile
    return number


def mask_id(number: str) -> str:
    """Return a number with its first 3 and last 4 characters; of a short one (under 11) the first and last."""
    head, tail = (3, 4) if len(number) > 10 else (1, 1)
    hidden = len(number) - head - tail
    return number[:head] + "*" * hidden + number[-tail:] if hidden > 0 else "*" * len(number)


def mask_mobile(number: str) -> str:
    """Return a mobile number as 138****1234; what has not 11 characters is masked as any other number."""
    return f"{number[:3]}****{number[7:]}" if len(number) == 11 else mask_id(number)


def mask_name(name: str) -> str:
    """Return a name as 张*三, 张* or *, never with more than its first and last character."""
    if len(name) < 3:
        return name[:1] + "*" if len(name) == 2 else "*" * len(name)
    return name[0] + "*" * (len(name) - 2) + name[-1]
