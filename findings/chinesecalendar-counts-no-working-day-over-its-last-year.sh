#!/bin/sh
# chinesecalendar 1.11.0: a term of working days that ends after its last known year raises NotImplementedError.
#
# Expected: the next working day after the last days of a year can be had, or a value says that it is not known yet.
# Seen: find_workday and is_workday raise NotImplementedError (an error of programming by its name, no LookupError or
# ValueError) for every day of a year that the State Council has not announced when the package was released; so each
# December a term of a few working days that runs into January fails, for a day after the one that was asked about.
# Nuoxing reads announced calendars of its own beside the package's and marks a term as provisional where the calendar
# of its last year is not known (`shared.policy.values.workdays`).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check chinesecalendar==1.11.0
"$folder/venv/bin/python" - <<'PY'
import datetime

import chinese_calendar
from chinese_calendar.constants import holidays

last = max(holidays).year
day = datetime.date(last, 12, 31)
print("the last day of", last, "is a working day:", chinese_calendar.is_workday(day))
try:
    after = chinese_calendar.find_workday(1, day)
except NotImplementedError as error:
    print("the next working day: NotImplementedError:", error)
else:
    raise SystemExit(f"the behaviour has changed: {after}")
PY
