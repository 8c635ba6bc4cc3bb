"""The grammar that every app speaks: no tables, no business, knows nobody above it."""
