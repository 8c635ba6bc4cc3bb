"""Pages of the law: as everybody may read it, its ceilings and calendar, and the desk where it is drafted."""
