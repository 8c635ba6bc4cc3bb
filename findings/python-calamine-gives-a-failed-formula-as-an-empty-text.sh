#!/bin/sh
# python-calamine 0.9.1: a cell with an error (#N/A, #REF! …) is given as an empty text.
#
# Expected: a formula that failed can be told from a cell in which nothing stands, as in calamine itself (Data::Error).
# Seen: `to_python` gives "" for both, in every sheet and format; there is no other way to the cell. A column of look-ups
# of which some failed is read as a column in which some were left out, and nobody is told.
# Nuoxing reads with openpyxl, which gives the error's text and says that it is one; such a cell is a fault of its row
# (`kernel.workbooks`, decision 17).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check openpyxl==3.1.5 python-calamine==0.9.1
"$folder/venv/bin/python" - <<'PY'
import io

import python_calamine
from openpyxl import Workbook

book, file = Workbook(), io.BytesIO()
book.worksheets[0].append(["before", "#N/A", None, "after"])
assert book.worksheets[0]["B1"].data_type == "e"
book.save(file)
sheet = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(file.getvalue())).get_sheet_by_index(0)
(row,) = sheet.to_python()
print("an error, then an empty cell:", row[1:3])
assert row == ["before", "", "", "after"], "the behaviour has changed"
PY
