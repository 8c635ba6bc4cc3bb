"""Reads of identity: who acts, accounts, people, who holds what role, where a person's places are."""
