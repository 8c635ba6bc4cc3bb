"""Writes of certificates: report results, take numbers, issue, correct, revoke, hand out copies."""
