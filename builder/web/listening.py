"""The server's listening sockets, set so that small answers leave at once."""

import os
import socket

import psutil


def send_at_once() -> int:
    """Switch Nagle's algorithm off for every connection to come; how many listening sockets there are.

    An answer leaves in two pieces, head and body, and Nagle keeps the second until the first is acknowledged: 40 ms on
    a client that acknowledges late. asyncio switches it off only on sockets whose protocol is named, and Streamlit's is
    not; what is accepted inherits the setting of what listens (Linux tcp(7)).
    """
    found = [each for each in psutil.Process().net_connections("tcp") if each.status == psutil.CONN_LISTEN and each.fd >= 0]
    for each in found:
        with socket.socket(fileno=os.dup(each.fd)) as same:
            same.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return len(found)
