#!/bin/sh
# openpyxl 3.1.5: a day in a date format that Chinese, Japanese or Korean Excel has built in comes as its serial number.
#
# Expected: a cell whose number format is a date is given as a date, as it is for the formats 14 to 22.
# Seen: the formats 27 to 36 and 50 to 58 (ECMA-376 part 1, 18.8.30, "zh-cn", "ja-jp" …) stand in a file by their number
# alone, without a code that says what they mean, and openpyxl does not know the numbers: the 2nd of March 2026, shown as
# 2026年3月2日, is the number 46083, `is_date` is False and `number_format` is "General". (python-calamine 0.9.1 knows
# them.) A workbook of the other date system (1904) gives 44621 for the same day.
# Nuoxing reads the cell's own number of the format and turns the value into a time by the file's date system
# (`kernel.workbooks`); in a column of days it takes a bare number of a plausible year for a day (`kernel.cells`).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check openpyxl==3.1.5
"$folder/venv/bin/python" - <<'PY'
import datetime
import io
import re
import zipfile

from openpyxl import Workbook, load_workbook

book, plain = Workbook(), io.BytesIO()
book.worksheets[0]["A1"] = datetime.date(2026, 3, 2)
book.save(plain)
for number in (14, 31, 57):
    file = io.BytesIO()
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(file, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            if part == "xl/styles.xml":  # the cell's format, by its number
                head, found, rest = content.partition(b"<cellXfs")
                content = head + found + re.sub(rb'numFmtId="[1-9][0-9]*"', b'numFmtId="%d"' % number, rest)
            new.writestr(part, content)
    cell = load_workbook(io.BytesIO(file.getvalue())).worksheets[0]["A1"]
    print(f"format {number}: {cell.value!r}, is_date {cell.is_date}, number_format {cell.number_format!r}")
    assert (cell.value == 46083) == (number != 14), "the behaviour has changed"
PY
