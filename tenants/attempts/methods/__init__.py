"""Pure functions of a test: its clock, its tokens, and what its pages send and are sent."""
