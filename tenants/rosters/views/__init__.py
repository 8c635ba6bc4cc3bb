"""Pages of rosters: applying and the trainee's own enrolments; the staff's home, enrolments and counter."""
