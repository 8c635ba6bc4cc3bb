"""Reads of privacy: the register, what is held, consents, rights, desks."""
