"""Stand-ins for the outside world on one machine: Stripe's payments, the ministry's system, a sink for SMS.

One small ASGI application, for demonstrations and tests only; it listens on 127.0.0.1 and forgets nothing that it
answered (`python -m infra.fakes --port P --state DIR`).
"""
