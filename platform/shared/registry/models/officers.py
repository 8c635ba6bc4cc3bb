"""What is kept of an officer whose act stands in the open for as long as the entry does."""

from kernel.fields import Personal

OFFICER = Personal("show which officer answers for it", "statutory duty of the authority", "life of the entry", "none")
