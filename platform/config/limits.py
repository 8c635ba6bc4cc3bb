"""How many bytes a request may bring, by its address: the one place where it stands.

`kernel.web.sizes` refuses more before it is read, in every process; nginx.conf stands as wide at the same addresses
(tests/config/test_limits.py compares). How large one file may be is `shared.records.operations.MAX_FILE_BYTES`, a video
`MAX_VIDEO_BYTES`.
"""

KIB = 1024
MIB = 1024 * KIB

FORM = 1 * MIB
"""Everything without a file: forms, REST, webhooks."""
FILE = 21 * MIB
"""A file of 20 MB, and the form around it."""
LETTER = 29 * MIB
"""The same file within JSON, as base64."""
VIDEO = 1025 * MIB
"""A lesson's video of 1 GB, and the form around it."""
FILES = 60 * MIB
"""The pictures of a visit, all in one form."""
ANSWERS = 64 * KIB
"""A save of a test: two hundred answers take a third of it."""

_KEY = "[0-9a-f-]{36}"

BY_ADDRESS: tuple[tuple[str, int], ...] = (
    (r"/operator/exchange/files/", FILE),
    (r"/authority/bank/imports/", FILE),
    (rf"/commitment/{_KEY}/evidence/", FILE),
    (rf"/authority/commitments/{_KEY}/checks/", FILES),
    (r"/account/privacy/corrections/", FILE),
    (r"/account/employers/new/", FILE),
    (r"/api/v1/employers/registrations/", LETTER),
    (rf"/employer/{_KEY}/people/file/", FILE),
    (rf"/staff/programmes/{_KEY}/lessons/", VIDEO),
    (rf"/staff/lessons/{_KEY}/editing/", VIDEO),
    (r"/staff/enrolments/new/", FILE),
    (r"/staff/rosters/", FILE),
    (r"/api/v1/rosters/", FILE),
    (rf"/classes/{_KEY}/apply/", FILE),
    (r"/live/attempts/.*", ANSWERS),
)
"""Whole paths, as regular expressions; the first that fits counts, all other addresses take a FORM."""
