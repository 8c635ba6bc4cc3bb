"""Writes of the registry: the institution's, the authority's, the public's, and the ministry's answer."""
