"""Permissions to see the outside systems and to act on what goes wrong."""

from kernel import access

from .states import OPERATORS

operates = access.role(*OPERATORS)
oversees = access.role("province_officer", "city_officer", "inspector")
forwards = access.role("training_centre")
