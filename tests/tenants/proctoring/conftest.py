"""The test worlds of exams, which a live room stands on."""

import importlib.util
import sys
from pathlib import Path

_path = Path(__file__).parents[1] / "exams" / "conftest.py"
_spec = importlib.util.spec_from_file_location("exams_conftest", _path)
assert _spec is not None
assert _spec.loader is not None
_exams = importlib.util.module_from_spec(_spec)
sys.modules.setdefault("exams_conftest", _exams)
_spec.loader.exec_module(_exams)

world, live, _hints_stay_in_the_process = _exams.world, _exams.live, _exams._hints_stay_in_the_process
