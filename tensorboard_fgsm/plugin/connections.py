"""The connections of this process to a port, which someone else in it has opened.

What comes by one is acknowledged 40 ms later, unless there is something to send along with that
(RFC 1122, 4.2.3.2). Linux can be told to do it at once, each time anew (tcp(7), ``TCP_QUICKACK``).
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys

_OPEN_FILES = "/proc/self/fd"


class Connections:
    """Those that are there when this is made.

    Args:
        port: to which they lead.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._descriptors: list[int] = []
        # With a timeout that someone has set for all sockets, to borrow one would change it.
        if sys.platform == "linux" and socket.getdefaulttimeout() is None:
            with contextlib.suppress(OSError):
                self._descriptors = [int(name) for name in os.listdir(_OPEN_FILES)]

    def acknowledge(self) -> bool:
        """Acknowledges what has come; returns False where there is no connection, or no Linux."""
        self._descriptors = [each for each in self._descriptors if self._acknowledged(each)]
        return bool(self._descriptors)

    def _acknowledged(self, descriptor: int) -> bool:
        """Acknowledges what has come by an open file, if it is a connection to the port."""
        try:
            # As if of the family with the longest addresses, so that each fits.
            borrowed = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, fileno=descriptor)
        except OSError:  # closed, or a file
            return False
        try:
            peer = borrowed.getpeername()
            if not isinstance(peer, tuple) or peer[1] != self._port:
                return False
            borrowed.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        except OSError:  # closed in the meantime, or never connected
            return False
        else:
            return True
        finally:
            borrowed.detach()  # who has opened it closes it
