"""Who may see the staff's home."""

from kernel import access

any_staff = access.role("principal", "registrar", "teacher", "proctor", "chief_proctor", "cashier")
