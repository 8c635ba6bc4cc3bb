"""Writes of the policy desk: drafts of the law, proposed ceilings."""
