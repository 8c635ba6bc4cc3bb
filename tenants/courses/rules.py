"""Who may do what with classes and hours."""

from kernel import access

desk = access.role("registrar", "principal")
teaching = access.role("teacher", "registrar", "principal")
any_staff = access.role("principal", "registrar", "teacher", "proctor", "chief_proctor", "cashier")
