"""Reads: who is listed, how an organisation stands, in which schema it works, and which an officer may see."""
