"""Forms of the lawbook: ceilings, the calendar, and the sections of a draft."""
