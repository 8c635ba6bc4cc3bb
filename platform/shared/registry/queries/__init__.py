"""Reads of the registry: loaders that check access, clocks, versions, what the public sees, what waits for whom."""
