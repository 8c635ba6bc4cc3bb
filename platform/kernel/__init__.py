"""The base of every app: no tables, no business rules, no import from above."""
