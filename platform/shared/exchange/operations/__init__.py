"""Writes of the exchange: messages out and in, reconciliation, files of existing platforms."""
