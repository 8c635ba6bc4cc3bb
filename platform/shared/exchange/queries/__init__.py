"""Reads of the exchange: kinds of message, messages, imported records, and what waits for a person."""
