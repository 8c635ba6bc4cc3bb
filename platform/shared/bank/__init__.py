"""The provincial question bank and all answer keys: an institution sees papers, never keys."""
