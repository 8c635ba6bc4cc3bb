"""Messages that no carrier will deliver."""


class Undeliverable(Exception):
    """This message will not be delivered however often it is tried."""
