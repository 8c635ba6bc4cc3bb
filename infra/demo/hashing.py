"""A quick hash for passwords that are printed on the screen anyway."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class QuickHasher(PBKDF2PasswordHasher):
    """The usual hash with few rounds; every server can read it, and makes it strong at the first sign-in."""

    iterations = 1000
