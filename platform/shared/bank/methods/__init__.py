"""Algorithms of the bank on plain values: soundness of items, drawing of papers, scores."""
