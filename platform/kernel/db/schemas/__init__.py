"""Schemas of institutions: creation, migration, comparison, export and restoration.

Only the kernel touches a schema as such; which schemas there are is for shared.institutions to say.
"""
