"""Writes of the law as data: load packs and authorities, correct the calendar, enter and end ceilings,
draft and approve the next version.
"""
