"""The base of every app: its own few tables, no business rules, no import from above."""
