"""Pages of courses: programmes, classes and hours for staff, learning for trainees."""
