"""The answer gateway: plain ASGI on the hot path of a test (decision 6).

An answer is acknowledged only after COMMIT. Saves and heartbeats go through group committers over psycopg with
schema-qualified names; loading, starting and handing in run one synchronous function each.
"""
