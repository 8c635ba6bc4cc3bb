"""Pages of exams: rooms and sittings for the desk, the day of the test, what a trainee sees."""
