"""What is told to acknowledge, on real sockets."""

from __future__ import annotations

import os
import socket
import struct
import sys
import time
from collections.abc import Iterator

import pytest

from tensorboard_fgsm.plugin.connections import Connections

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="others cannot be told")


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as made:
        yield made


def port(server: socket.socket) -> int:
    return server.getsockname()[1]


def unacknowledged(sender: socket.socket) -> int:
    """How many packets Linux has sent that are not acknowledged (``struct tcp_info``)."""
    (count,) = struct.unpack_from(
        "I", sender.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 64), 24
    )
    return count


def test_what_has_come_is_acknowledged_at_once(listener: socket.socket) -> None:
    put_off = 0
    with socket.create_connection(listener.getsockname()) as asker:
        server, _ = listener.accept()
        connections = Connections(port(listener))
        with server:
            for _ in range(50):
                asker.sendall(b"?")
                server.recv(1)
                server.sendall(b"!")
                asker.recv(1)
                put_off += unacknowledged(server)
                assert connections.acknowledge()
                deadline = time.monotonic() + 0.02  # half of what it would be put off for
                while unacknowledged(server) and time.monotonic() < deadline:
                    pass
                assert unacknowledged(server) == 0
    assert put_off > 0  # it had something to do


def test_no_other_connection_and_no_file_is_taken_for_one(listener: socket.socket) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as other,
        socket.create_connection(other.getsockname()),
        open(os.devnull),
    ):
        assert not Connections(port(listener)).acknowledge()
        assert Connections(port(other)).acknowledge()


def test_one_that_is_closed_is_no_longer_told(listener: socket.socket) -> None:
    with socket.create_connection(listener.getsockname()):
        connections = Connections(port(listener))
        assert connections.acknowledge()
    with open(os.devnull):  # takes its number
        assert not connections.acknowledge()


def test_whoever_has_opened_it_can_go_on(listener: socket.socket) -> None:
    with socket.create_connection(listener.getsockname()) as asker:
        server, _ = listener.accept()
        assert Connections(port(listener)).acknowledge()
        with server:
            asker.sendall(b"?")
            assert server.recv(1) == b"?"
