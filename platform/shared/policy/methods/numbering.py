"""Certificate numbers by a pack's template: never one that was given before, and hard to mistype."""

from datetime import date

from stdnum.iso7064 import mod_37_36

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def certificate_number(template: str, *, issued: date, position: str, institution: str, sequence: int) -> str:
    """Return the number that `template` gives: {yy} or {yyyy} of the day of issue, {position}, {inst4} (the last four
    characters of the institution's code), {seq6} and {check}, an ISO 7064 MOD 37,36 character over all letters and
    digits before it. Refuses (ValueError) a sequence of more than six digits.
    """
    if not 0 <= sequence <= 999_999:
        raise ValueError("a sequence has six digits")
    number = template
    for name, value in {
        "yyyy": f"{issued:%Y}",
        "yy": f"{issued:%y}",
        "position": position,
        "inst4": institution[-4:],
        "seq6": f"{sequence:06d}",
    }.items():
        number = number.replace("{" + name + "}", value)
    body, field, rest = number.partition("{check}")
    return f"{body}{_check(body)}{rest}" if field else number


def _check(body: str) -> str:
    return mod_37_36.calc_check_digit("".join(c for c in body.upper() if c in _ALPHABET))


def is_consistent(number: str) -> bool:
    """Say whether a number that ends with its check character is not mistyped."""
    plain = "".join(c for c in number.upper() if c in _ALPHABET)
    return len(plain) > 1 and mod_37_36.calc_check_digit(plain[:-1]) == plain[-1]
