"""Writes of billing: prices under ceilings, orders, payments at the counter and online, refunds, reconciliation."""
