"""TCP_NODELAY (Nagle's algorithm off) on the server's listening sockets, so that small answers leave at once."""

import socket
from collections.abc import Iterator
from pathlib import Path


def disable_nagle() -> int:
    """Switch Nagle's algorithm off for every connection to come; how many listening sockets there are.

    An answer leaves in two pieces, head and body, and Nagle keeps the second until the first is acknowledged: 40 ms on
    a client that acknowledges late. asyncio switches it off only on sockets whose protocol is named, and Streamlit's is
    not; what is accepted inherits the setting of what listens (Linux tcp(7)).
    """
    found = 0
    for each in open_sockets():
        if each.family in (socket.AF_INET, socket.AF_INET6) and each.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            found += 1
    return found


def open_sockets() -> Iterator[socket.socket]:
    """This process's sockets, one after another; none is closed."""
    descriptors = Path("/dev/fd")
    for name in sorted(descriptors.iterdir()) if descriptors.is_dir() else ():
        try:
            found = socket.socket(fileno=int(name.name))
        except OSError:
            continue  # a file, a pipe, or the listing itself
        yield found
        found.detach()
