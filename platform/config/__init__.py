"""The composition root: the only package that may know everything below it."""
