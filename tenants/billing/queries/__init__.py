"""Reads of billing: prices on sale, orders with their balance, payments and receipts, the public page."""
