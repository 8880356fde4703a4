"""What is accepted after `send_at_once` waits for no acknowledgement."""

import socket

from builder.web.tcp_nodelay import disable_nagle


def test_a_connection_that_is_accepted_sends_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        assert disable_nagle() >= 1
        with socket.create_connection(listening.getsockname()) as _:
            accepted, _ = listening.accept()
            with accepted:
                assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
