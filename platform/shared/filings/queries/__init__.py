"""Reads: facts within an authority's jurisdiction, and the classes that anybody may look for."""
