"""Parts of addresses that are read before a view sees them."""

from kernel import clock


class YearConverter:
    """A year that an address may name (`<year:year>`); any other number is no address of ours: 404."""

    regex = "[0-9]{4}"

    def to_python(self, value: str) -> int:
        """Return the year; ValueError, which Django takes as no match, for one out of the range."""
        year = int(value)
        if year not in clock.YEARS:
            raise ValueError
        return year

    def to_url(self, value: int) -> str:
        """Return the year as it stands in an address."""
        return f"{value:04}"
