"""Reads of the law as data: the pack in force, working days, authorities, ceilings, who may enrol.

Every value that comes from a pack can say where it stands: `pack.source("clocks.notice_days")`.
"""
