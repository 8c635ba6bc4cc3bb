"""Benches: each starts what it needs on generated data of its own and measures against its baseline in the same run.

`./nuoxing bench NAME [--json]`. Ratios are what counts; they never decide `./nuoxing test`. Results with the machine
they came from: docs/performance.md.
"""
