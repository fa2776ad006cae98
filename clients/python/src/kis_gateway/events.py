"""The stream as Server-Sent Events, across reconnections."""

import asyncio
import http.client
import re
import socket
import threading
import time
from typing import Any, Dict, Iterator, List, Optional, Tuple
from urllib.parse import quote

from ._bounds import FRAME_MAX, lines, parsed
from .errors import Refused, Unavailable

_SILENCE = 20.0
_DELAYS = (0.2, 0.5, 1.0, 2.0, 5.0)
_QUEUE = 10_000


class Events:
    """An iterator of messages: dictionaries as docs/MARKET-DATA.md (Stream) describes them.

    It reconnects by itself. Orders and executions go on after the last one received: none is missed, and one that
    comes twice has the same ``seq``. Prices that were missed are reported, never invented: where the numbers of a
    channel do not follow each other, a message ``{"op": "missed", "ch": …, "s": …, "from": …, "to": …}`` comes first.
    ``{"op": "disconnected", "reason": …}`` comes when a connection ends, also after what is no message of the stream or
    has no end within 16 MB.

    last_event_id: of an earlier run (the attribute of the same name), from which to go on; "A1:0" is the beginning.
    wait: seconds after which an attempt to reconnect that always fails raises Unavailable; None tries for ever.
    """

    def __init__(
        self,
        gateway: Any,
        channels: List[str],
        symbols: List[str],
        *,
        venue: Optional[str] = None,
        last_event_id: Optional[str] = None,
        wait: Optional[float] = None,
    ) -> None:
        self._gateway = gateway
        query = "channels=" + quote(",".join(channels))
        if symbols:
            query += "&symbols=" + quote(",".join(symbols))
        if venue:
            query += "&venue=" + quote(venue)
        self._target = "/v1/events?" + query
        self._wait = wait
        self._epoch: Optional[int] = None
        self._numbers: Dict[Tuple[str, str, str], int] = {}
        self._socket: Optional[socket.socket] = None
        self._closed = threading.Event()
        self.last_event_id = last_event_id

    def __iter__(self) -> Iterator[Dict[str, Any]]:
        failures = 0
        since = time.monotonic()
        while not self._closed.is_set():
            reason = "the gateway closed it"
            try:
                for message in self._connected():
                    messages = self._checked(message)
                    failures = 0
                    since = time.monotonic()
                    yield from messages
            except Refused:
                raise
            except (OSError, http.client.HTTPException, ValueError) as failure:
                reason = repr(failure)
            if self._closed.is_set():
                return
            if self._wait is not None and time.monotonic() - since > self._wait:
                raise Unavailable(f"no stream of {self._gateway!r}: {reason}", False)
            if failures == 0:
                yield {"op": "disconnected", "reason": reason}
            self._closed.wait(_DELAYS[min(failures, len(_DELAYS) - 1)])
            failures += 1

    def close(self) -> None:
        """Ends the iteration, from any thread."""
        self._closed.set()
        connected = self._socket
        if connected is not None:
            try:
                connected.shutdown(socket.SHUT_RDWR)  # closing would leave the thread that reads waiting
            except OSError:
                pass  # it has ended

    def _connected(self) -> Iterator[Any]:
        connection = self._gateway._connect(_SILENCE)
        try:
            connection.connect()
            self._socket = connection.sock
            if self._closed.is_set():
                return
            headers = self._gateway._headers(False)
            headers["Accept"] = "text/event-stream"
            if self.last_event_id:
                headers["Last-Event-ID"] = self.last_event_id
            connection.request("GET", self._target, headers=headers)
            response = connection.getresponse()
            if response.status != 200:
                self._gateway._answer(response.status, response.read(FRAME_MAX), False, None)
            data: List[bytes] = []
            event_id: Optional[str] = None
            size = 0
            for raw in lines(response):
                line = raw.rstrip(b"\r\n")
                if line.startswith(b"data:"):
                    data.append(line[5:])
                    size += len(raw)
                    if size > FRAME_MAX:
                        raise ValueError(f"an event of more than {FRAME_MAX} bytes")
                elif line.startswith(b"id:"):
                    event_id = _header(line[3:].strip().decode())
                elif not line and data:
                    message = parsed(b"\n".join(data))
                    data = []
                    size = 0
                    yield from message if isinstance(message, list) else [message]
                    # After the messages were taken: one that was not is sent again.
                    self.last_event_id = event_id or self.last_event_id
                    event_id = None
        finally:
            self._socket = None
            connection.close()

    def _checked(self, message: Any) -> List[Dict[str, Any]]:
        """The message, before it what was missed; ValueError when it is no message of the stream."""
        if not isinstance(message, dict):
            raise ValueError(f"no message of the stream: {type(message).__name__}")
        if message.get("op") == "hello":
            epoch = _whole(message, "epoch")
            if self._epoch is not None and self._epoch != epoch:
                self._numbers.clear()
            self._epoch = epoch
        if "ch" not in message or "seq" not in message or message["ch"] in ("orders", "executions"):
            return [message]
        channel, symbol, venue = (_text(message, name) for name in ("ch", "s", "venue"))
        number = _whole(message, "seq")
        first = number - _whole(message, "conflated") if "conflated" in message else number
        if "gap" in message:
            first = _whole(message["gap"], "from")
        last = self._numbers.get((channel, symbol, venue))
        # A number that steps back changes nothing: what it would skip was received.
        self._numbers[channel, symbol, venue] = number if last is None else max(last, number)
        if last is not None and first > last + 1:
            return [{"op": "missed", "ch": channel, "s": symbol, "from": last + 1, "to": first - 1}, message]
        return [message]


def _whole(record: Any, name: str) -> int:
    value = record.get(name) if isinstance(record, dict) else None
    if type(value) is not int:
        raise ValueError(f"a message whose {name} is no whole number")
    return value


def _text(record: Dict[str, Any], name: str) -> str:
    value = record.get(name)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"a message whose {name} is no text")
    return value or ""


def _header(event_id: str) -> str:
    """A position that can be sent as a header."""
    if not re.fullmatch("[ -~]*", event_id):
        raise ValueError("an event whose id is none of a gateway")
    return event_id


class AsyncEvents:
    """Events for ``async for``: a thread reads, and waits while 10,000 messages are not taken."""

    def __init__(self, events: Events) -> None:
        self._events = events

    async def __aiter__(self) -> Any:
        loop = asyncio.get_running_loop()
        queue: "asyncio.Queue[Any]" = asyncio.Queue(_QUEUE)

        def read() -> None:
            end: Any = None
            try:
                for message in self._events:
                    asyncio.run_coroutine_threadsafe(queue.put(message), loop).result()
            except Exception as failure:  # given to the reader of the messages
                end = failure
            try:
                asyncio.run_coroutine_threadsafe(queue.put(_End(end)), loop).result()
            except RuntimeError:
                pass  # the loop has ended, and with it who would read

        thread = threading.Thread(target=read, name="kis-gateway-events", daemon=True)
        thread.start()
        try:
            while True:
                message = await queue.get()
                if isinstance(message, _End):
                    if message.failure is not None:
                        raise message.failure
                    return
                yield message
        finally:
            self._events.close()

    def close(self) -> None:
        """Ends the iteration."""
        self._events.close()


class _End:
    def __init__(self, failure: Optional[Exception]) -> None:
        self.failure = failure
