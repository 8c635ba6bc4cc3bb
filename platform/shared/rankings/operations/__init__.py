"""Writes of the rankings: ratings, the authority's scores, yearly runs."""
