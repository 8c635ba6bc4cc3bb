"""Forms of identity: the entrance (allauth's, in our words), people, staff, tokens, recovery."""
