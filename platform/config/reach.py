"""How far institutions reach into the tables of packages (kernel.reach); our own models say it themselves."""

from kernel.reach import Reach

ELSEWHERE: dict[str, Reach] = {}
