"""The province that is shown where nobody says another one: which of its cities and counties the demonstration uses,
and names that only it has. Everything else about it stands in its list of authorities and its pack.
"""

JURISDICTION = "360000"

# City and the counties in which the demonstration's institutions are, in the order in which it needs them.
PLACES = (
    ("360100", ("360111", "360112", "360104")),
    ("360200", ("360203",)),
    ("360400", ("360403",)),
    ("360700", ("360702",)),
    ("360800", ("360802",)),
    ("361100", ("361102",)),
)
OFFICERS = ("万市员", "瓷经办", "浔经办", "赣经办", "庐经办", "信经办")
INSPECTORS = ("涂检查", "饶检查")
BY_NAMES_OF_OLD = {"listed": "豫章", "company": "赣江", "decorators": "鄱湖"}
"""What institutions and companies are called by, instead of by their city."""
