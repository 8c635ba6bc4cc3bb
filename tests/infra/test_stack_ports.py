"""A taken port is seen, and another one is found."""

import socket

from infra.stack import ports


def test_a_free_port_is_kept_until_it_is_released() -> None:
    reservation = ports.reserve(0)
    assert reservation is not None
    assert ports.reserve(reservation.port) is None

    reservation.release()
    again = ports.reserve(reservation.port)
    assert again is not None
    assert again.port == reservation.port
    again.release()


def test_a_taken_port_gives_one_of_the_next() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        used = other.getsockname()[1]

        reservation = ports.reserve_near(used)

        assert reservation.port != used
        reservation.release()


def test_a_port_taken_on_every_address_is_taken() -> None:
    with socket.socket() as other:
        other.bind(("", 0))
        other.listen()
        assert ports.reserve(other.getsockname()[1]) is None
