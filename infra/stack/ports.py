"""Ports on this machine's own address."""

import errno
import socket

LOOPBACK = "127.0.0.1"


class Reservation:
    """A port kept for a process that starts later: bound, not listening, so that nobody else takes it meanwhile."""

    def __init__(self, bound: socket.socket) -> None:
        self._socket = bound
        self.port: int = bound.getsockname()[1]

    def release(self) -> None:
        """Give the port up; call it right before the process that is to have it starts."""
        self._socket.close()


def reserve(preferred: int) -> Reservation | None:
    """Keep this port (0: any free one); None when it is taken, on IPv6's loopback too, where browsers look first."""
    if preferred and _taken_on_ipv6(preferred):
        return None
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((LOOPBACK, preferred))
        # SO_REUSEADDR lets two sockets bind while none listens; a listener tells the truth, and is closed with it
        bound.listen(1)
    except OSError:
        bound.close()
        return None
    return Reservation(bound)


def reserve_near(preferred: int) -> Reservation:
    """Keep the wanted port or, when it is taken, one of the next twenty, or else any free one."""
    for port in range(preferred, min(preferred + 21, 65536)):
        reservation = reserve(port)
        if reservation:
            return reservation
    reservation = reserve(0)
    if reservation is None:
        raise OSError(errno.EADDRINUSE, "no free port on the loopback address")
    return reservation


def _taken_on_ipv6(port: int) -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("::1", port))
    except OSError as error:
        return error.errno == errno.EADDRINUSE
    return False
