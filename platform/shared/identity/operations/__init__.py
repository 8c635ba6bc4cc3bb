"""Writes of identity: accounts, people, roles, sign-in across hosts, and what a person may have only once."""
