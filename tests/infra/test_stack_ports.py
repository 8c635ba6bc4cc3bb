"""A taken port is seen, and another one is found."""

import socket

from infra.stack import ports


def test_a_free_port_is_kept_until_it_is_released() -> None:
    kept = ports.reserve(0)
    assert kept is not None
    assert ports.reserve(kept.port) is None

    kept.release()
    again = ports.reserve(kept.port)
    assert again is not None
    assert again.port == kept.port
    again.release()


def test_a_taken_port_gives_one_of_the_next() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]

        kept = ports.reserve_near(taken)

        assert kept.port != taken
        kept.release()


def test_a_port_taken_on_every_address_is_taken() -> None:
    with socket.socket() as other:
        other.bind(("", 0))
        other.listen()
        assert ports.reserve(other.getsockname()[1]) is None
