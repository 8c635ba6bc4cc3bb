"""Who may do what in the live room; that somebody is on duty in THIS sitting is asked of its list of duties."""

from kernel import access

watch = access.role("chief_proctor", "proctor")
staff = access.role("chief_proctor", "proctor", "registrar", "principal")
