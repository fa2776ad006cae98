"""The stream as Server-Sent Events, across reconnections."""

import asyncio
import http.client
import json
import threading
import time
from decimal import Decimal
from typing import Any, Dict, Iterator, List, Optional, Tuple
from urllib.parse import quote

from .errors import Refused, Unavailable

_SILENCE = 20.0
_DELAYS = (0.2, 0.5, 1.0, 2.0, 5.0)
_QUEUE = 10_000


class Events:
    """An iterator of messages: dictionaries as docs/MARKET-DATA.md (Stream) describes them.

    It reconnects by itself. Orders and executions go on after the last one received: none is missed, and one that
    comes twice has the same ``seq``. Prices that were missed are reported, never invented: where the numbers of a
    channel do not follow each other, a message ``{"op": "missed", "ch": …, "s": …, "from": …, "to": …}`` comes first.
    ``{"op": "disconnected", "reason": …}`` comes when a connection ends.

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
        self._connection: Optional[http.client.HTTPConnection] = None
        self._closed = threading.Event()
        self.last_event_id = last_event_id

    def __iter__(self) -> Iterator[Dict[str, Any]]:
        failures = 0
        since = time.monotonic()
        while not self._closed.is_set():
            reason = "the gateway closed it"
            try:
                for message in self._connected():
                    failures = 0
                    since = time.monotonic()
                    yield from self._checked(message)
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
        connection = self._connection
        if connection is not None and connection.sock is not None:
            connection.sock.close()

    def _connected(self) -> Iterator[Dict[str, Any]]:
        connection = self._connection = self._gateway._connect(_SILENCE)
        try:
            headers = self._gateway._headers(False)
            headers["Accept"] = "text/event-stream"
            if self.last_event_id:
                headers["Last-Event-ID"] = self.last_event_id
            connection.request("GET", self._target, headers=headers)
            response = connection.getresponse()
            if response.status != 200:
                error = json.loads(response.read())
                raise Refused(response.status, error if isinstance(error, dict) else {})
            data: List[str] = []
            event_id: Optional[str] = None
            for raw in response:
                line = raw.decode().rstrip("\r\n")
                if line.startswith("data:"):
                    data.append(line[5:].lstrip(" "))
                elif line.startswith("id:"):
                    event_id = line[3:].strip()
                elif not line and data:
                    message = json.loads("\n".join(data), parse_float=Decimal)
                    data = []
                    for one in message if isinstance(message, list) else [message]:
                        yield one
                    # After the messages were taken: one that was not is sent again.
                    self.last_event_id = event_id or self.last_event_id
                    event_id = None
        finally:
            connection.close()

    def _checked(self, message: Dict[str, Any]) -> Iterator[Dict[str, Any]]:
        if message.get("op") == "hello":
            if self._epoch is not None and self._epoch != message["epoch"]:
                self._numbers.clear()
            self._epoch = message["epoch"]
        channel = message.get("ch")
        number = message.get("seq")
        if number is not None and channel is not None and channel not in ("orders", "executions"):
            name = (channel, message.get("s", ""), message.get("venue", ""))
            last = self._numbers.get(name)
            first = message["gap"]["from"] if "gap" in message else number - message.get("conflated", 0)
            if last is not None and first > last + 1:
                yield {"op": "missed", "ch": channel, "s": name[1], "from": last + 1, "to": first - 1}
            self._numbers[name] = number
        yield message


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
