"""Writes: organisations register, are listed and decided about, and leave."""
