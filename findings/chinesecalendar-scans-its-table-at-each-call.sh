#!/bin/sh
# chinesecalendar 1.11.0: is_workday reads its whole table of holidays twice at each call.
#
# Expected: asking whether a day is a working day is a look-up in two dictionaries, whatever they hold.
# Seen: before the look-up it validates the year by min() and max() over all holidays, so a call costs as many steps as
# the table has entries, twice; and the table grows with each yearly release.
# Counting forty working days for each of a few hundred notices by it took half a second of a page.
# Nuoxing builds a set of working days once per calendar (`shared.policy.values.workdays`).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check chinesecalendar==1.11.0
"$folder/venv/bin/python" - <<'PY'
import datetime

from chinese_calendar import utils


class Counting(dict):
    """A dictionary that counts the keys which somebody reads one by one."""

    steps = 0

    def keys(self):
        return _Keys(super().keys())


class _Keys:
    def __init__(self, keys):
        self._keys = keys

    def __iter__(self):
        for key in self._keys:
            Counting.steps += 1
            yield key

    def __contains__(self, key):
        return key in self._keys


size = len(utils.holidays)
utils.holidays = Counting(utils.holidays)
assert utils.is_workday(datetime.date(2026, 3, 4)) is True
print(f"{size} holidays; one call of is_workday read {Counting.steps} keys")
assert Counting.steps == 2 * size, "the behaviour has changed"
PY
