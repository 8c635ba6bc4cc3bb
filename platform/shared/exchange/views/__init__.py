"""Pages of the outside systems."""
