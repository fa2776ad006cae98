"""Bounds of what is read from a server, which may be another program than a gateway."""

import http.client
import io
import json
import socket
import time
from decimal import Decimal
from typing import Any, Iterator

FRAME_MAX = 16 * 1024 * 1024
"""Bytes of a line, or of an event of the stream, beyond which its end is not awaited."""


def lines(response: http.client.HTTPResponse) -> Iterator[bytes]:
    """The lines of an answer with their ends; ValueError when one has no end within FRAME_MAX bytes."""
    while True:
        line = response.readline(FRAME_MAX + 1)
        if len(line) > FRAME_MAX:
            raise ValueError(f"a line of more than {FRAME_MAX} bytes")
        if not line:
            return
        yield line


def parsed(text: bytes) -> Any:
    """The value of a JSON text with exact amounts; ValueError for any other text, also for one nested too deeply."""
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_no_number)
    except (RecursionError, ArithmeticError) as unreadable:
        raise ValueError(f"JSON beyond the bounds: {unreadable!r}") from unreadable


def _no_number(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")


class DeadlineSocket:
    """A connected socket for http.client whose reads and writes end at one deadline.

    A socket's own limit starts again with each byte.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self.deadline = 0.0
        """By time.monotonic()."""

    def sendall(self, data: bytes) -> None:
        self.limit()
        self._sock.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_DeadlineReader(self, self._sock.makefile("rb", buffering=0)))

    def close(self) -> None:
        self._sock.close()

    def limit(self) -> None:
        """Sets the time that is left; TimeoutError when there is none."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("no complete answer in time")
        self._sock.settimeout(left)


class _DeadlineReader(io.RawIOBase):
    def __init__(self, sock: DeadlineSocket, raw: Any) -> None:
        self._sock = sock
        self._raw = raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> Any:
        self._sock.limit()
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()
