"""Values of a pack that pages show and no rule of this platform reads yet, each with the reason.

`tests/shared/policy/test_values_in_use.py` compares this list with the code in both directions: a value that a rule
begins to read leaves it, and one that no rule reads cannot be left out.
"""

from collections.abc import Mapping

EDUCATION = "continuing education is counted by the ministry's system; its rules are written, and no app asks them yet"
CONVERSION = "no old paper certificate is converted here"
DRAW = "no inspection is drawn here yet"
SANCTION = "steps are decided and written down one by one; a standing has its own chart"
ALWAYS = "kept always, by how the test is built: a pack that said otherwise would change nothing"

SHOWN_ONLY: Mapping[str, str] = {
    "Certificates.demo_template": "numbers of a demonstration come from the stand-in for the ministry's system",
    "Clocks.publication_days": DRAW,
    "Fees.document": "ceilings name the document under which each was entered",
    "Learning.all_hours_before_test": ALWAYS,
    "Position.group": CONVERSION,
    "Position.legacy_names": CONVERSION,
    "Position.ministry_code": "the official annex with the codes is not at hand",
    "RetentionPeriod.after": "each deleting job counts from the moment of its own record",
    "Retest.attempts": "how often a failed test is taken again is not limited by any shipped pack",
    "Sitting.earliest_leave_minutes": "who hands in early is the proctors' matter",
    "Stars.run_month": "an officer counts the year; nothing begins it in that month",
    "Stars.window": "the year that is counted is always the calendar year before",
    **{
        f"Examination.{name}": ALWAYS
        for name in ("subjects", "on_site", "closed_book", "by_computer", "score_at_once")
    },
    **{f"Sanction.{name}": SANCTION for name in ("correct_within_days", "removes", "serious")},
    **{f"Draw.{name}": DRAW for name in ("at_most_per_year", "inspectors", "minimum", "ratio_percent", "results")},
    **{
        f"Conversion.{name}": CONVERSION
        for name in ("healthy", "hours", "men_under", "no_bad_record", "substitutes", "until", "women_under")
    },
    "Substitute.groups": CONVERSION,
    **{
        f"TwoStepCycle.{name}": EDUCATION
        for name in (
            "employer_first", "employer_hours", "method", "online_hours", "total_hours",
        )
    },
    **{
        f"Yearly.{name}": EDUCATION
        for name in (
            "common_hours_once", "hours_per_year", "make_up_previous_year", "method",
            "position_hours", "total_hours",
        )
    },
}  # fmt: skip
"""By shape and field."""
