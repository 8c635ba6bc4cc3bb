"""Rules of rosters without a database: numbers that people quote, the sheet of people to be enrolled."""
