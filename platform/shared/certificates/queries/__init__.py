"""Reads: one's own certificates, an authority's, an institution's, and what anybody may verify."""
