"""The connection to one gateway, for threads (Gateway) and for asyncio (AsyncGateway)."""

import asyncio
import http.client
import ipaddress
import json
import os
import ssl
import threading
import time
import uuid
from decimal import Decimal
from typing import Any, Dict, Iterator, List, Optional, Tuple
from urllib.parse import urlsplit

from ._bounds import FRAME_MAX, DeadlineSocket, lines, parsed
from ._call import Call
from .api import AsyncOperations, Operations
from .errors import Refused, Unavailable
from .events import AsyncEvents, Events

DEFAULT_URL = "http://127.0.0.1:8890"
_RETRY_DELAYS = (0.3, 1.0, 3.0)
_BATCH_SILENCE = 60.0


class Gateway(Operations):
    """Calls a gateway; each thread has a connection of its own.

    url: GATEWAY_URL, else http://127.0.0.1:8890. key: GATEWAY_API_KEY, where the gateway needs one.
    operator_token: GATEWAY_OPERATOR_TOKEN. timeout: seconds until an answer is complete. ca: a file with the
    certificate of a gateway that signed its own (GATEWAY_CA).

    A call that changes something is sent under an idempotency key, made here unless one is given, and repeated under
    it when no answer came or what came cannot be read: it is carried out once. Any other change is repeated only if it
    cannot have arrived. When no attempt has an answer, the exception has the key.
    """

    def __init__(
        self,
        url: Optional[str] = None,
        key: Optional[str] = None,
        *,
        operator_token: Optional[str] = None,
        timeout: float = 10.0,
        ca: Optional[str] = None,
    ) -> None:
        self._url = urlsplit(url or os.environ.get("GATEWAY_URL") or DEFAULT_URL)
        self._key = key or os.environ.get("GATEWAY_API_KEY")
        self._operator_token = operator_token or os.environ.get("GATEWAY_OPERATOR_TOKEN")
        self._timeout = timeout
        if self._url.scheme not in ("http", "https") or not self._url.hostname:
            raise ValueError(f"the gateway's URL has the form {DEFAULT_URL}: {self._url.geturl()}")
        if (self._key or self._operator_token) and self._url.scheme == "http" and not _is_loopback(self._url.hostname):
            raise ValueError("a key would cross the network readable: use an https URL")
        trusted = ca or os.environ.get("GATEWAY_CA")
        self._tls = ssl.create_default_context(cafile=trusted) if self._url.scheme == "https" else None
        self._local = threading.local()

    def __repr__(self) -> str:
        return f"Gateway({self._url.geturl()})"

    def events(self, channels: List[str], symbols: Optional[List[str]] = None, **options: Any) -> Events:
        """The stream: messages of the channels, across reconnections. See Events."""
        return Events(self, channels, symbols or [], **options)

    def batch_quotes(self, symbols: List[str]) -> Iterator[Dict[str, Any]]:
        """Up to 4,000 quotes, each as soon as it is known: quotes and failures in no particular order.

        The first message has ``expected``, the last ``stats``. Unavailable when the answer ends without it.
        """
        return self._batch("/v1/quotes/batch", {"symbols": symbols})

    def batch_bars(self, symbols: List[str], period: str, **more: Any) -> Iterator[Dict[str, Any]]:
        """The same bars of up to 4,000 instruments; messages as those of batch_quotes. More: from, to, limit, adjusted."""
        return self._batch("/v1/bars/batch", {"symbols": symbols, "period": period, **more})

    def _batch(self, path: str, body: Dict[str, Any]) -> Iterator[Dict[str, Any]]:
        # A connection of its own: the next call need not wait for the last line.
        connection = self._connect(_BATCH_SILENCE)
        complete = False
        try:
            headers = {**self._headers(False), "Accept": "application/x-ndjson", "Content-Type": "application/json"}
            connection.request("POST", path, json.dumps(body, default=_plain).encode(), headers)
            response = connection.getresponse()
            if response.status != 200:
                self._answer(response.status, response.read(FRAME_MAX), False, None)
            for line in lines(response):
                message = parsed(line)
                if not isinstance(message, dict):
                    raise ValueError(f"a line that is no message: {line[:80]!r}")
                complete = complete or "stats" in message
                yield message
        except (OSError, http.client.HTTPException, ValueError) as failure:
            raise Unavailable(f"the batch of {self._url.geturl()} ended early: {failure!r}", False) from failure
        finally:
            connection.close()
        if not complete:
            raise Unavailable(f"the batch of {self._url.geturl()} ended early", False)

    def close(self) -> None:
        """Closes this thread's connection."""
        connection = getattr(self._local, "connection", None)
        if connection is not None:
            connection.close()
            self._local.connection = None

    def __enter__(self) -> "Gateway":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def _send(self, call: Call) -> Any:
        key = call.idempotency_key
        if call.keyed and key is None:
            key = "py-" + uuid.uuid4().hex
        repeatable = call.method == "GET" or key is not None
        if not repeatable:
            self.close()  # one that was idle may be closed by the gateway, and what failed on it could not be repeated
        may_have_arrived = False
        for delay in (*_RETRY_DELAYS, None):
            sent = False
            try:
                connection = self._connected()
                sent = True
                return self._answer(*self._exchange(connection, call, key), may_have_arrived, key)
            except Refused as refused:
                # An interrupted attempt of this call, which is still being decided.
                if not (may_have_arrived and refused.code == "IDEMPOTENCY_IN_FLIGHT") or delay is None:
                    raise
            except (OSError, http.client.HTTPException, _Unreadable) as failure:
                self.close()
                may_have_arrived |= sent and call.method != "GET"
                if delay is None or not (repeatable or not may_have_arrived):
                    raise Unavailable(
                        f"no answer from {self._url.geturl()}: {failure!r}", may_have_arrived, key
                    ) from failure
            time.sleep(delay)
        raise AssertionError("the last attempt returns or raises")

    def _connected(self) -> http.client.HTTPConnection:
        """This thread's connection, with the time for one answer."""
        connection: Optional[http.client.HTTPConnection] = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect(self._timeout)
        deadline = time.monotonic() + self._timeout
        if connection.sock is None:
            connection.connect()
            connected: Any = connection.sock
            connection.sock = DeadlineSocket(connected)
        timed: Any = connection.sock
        timed.deadline = deadline
        return connection

    def _exchange(self, connection: http.client.HTTPConnection, call: Call, key: Optional[str]) -> Tuple[int, bytes]:
        headers = self._headers(call.operator)
        body = None
        if call.body is not None:
            body = json.dumps(call.body, default=_plain).encode()
            headers["Content-Type"] = "application/json"
        if key is not None:
            headers["Idempotency-Key"] = key
        connection.request(call.method, call.target(), body, headers)
        response = connection.getresponse()
        return response.status, response.read()

    @staticmethod
    def _answer(status: int, body: bytes, may_have_arrived: bool, key: Optional[str]) -> Any:
        try:
            answer = parsed(body)
        except ValueError as unreadable:
            raise _Unreadable(f"HTTP {status} with no answer of a gateway") from unreadable
        if 200 <= status < 300 and isinstance(answer, (dict, list)):
            return answer
        # A redirection, too, is none of a gateway: it is not followed.
        if 200 <= status < 400 or not isinstance(answer, dict) or not isinstance(answer.get("code"), str):
            raise _Unreadable(f"HTTP {status} with no answer of a gateway")
        raise Refused(status, answer, may_have_arrived, key)

    def _headers(self, operator: bool) -> Dict[str, str]:
        headers = {"Accept": "application/json"}
        if self._key:
            headers["X-API-Key"] = self._key
        if operator and self._operator_token:
            headers["X-Operator-Token"] = self._operator_token
        return headers

    def _connect(self, timeout: float) -> http.client.HTTPConnection:
        host, port = self._url.hostname or "", self._url.port
        if self._tls is not None:
            return http.client.HTTPSConnection(host, port, timeout=timeout, context=self._tls)
        return http.client.HTTPConnection(host, port, timeout=timeout)


class AsyncGateway(AsyncOperations):
    """The same for asyncio: each call waits in a thread, so that the loop goes on. Arguments as Gateway."""

    def __init__(self, url: Optional[str] = None, key: Optional[str] = None, **options: Any) -> None:
        self._gateway = Gateway(url, key, **options)

    def events(self, channels: List[str], symbols: Optional[List[str]] = None, **options: Any) -> AsyncEvents:
        """The stream, for ``async for``. See Events."""
        return AsyncEvents(self._gateway.events(channels, symbols, **options))

    async def _send(self, call: Call) -> Any:
        return await asyncio.to_thread(self._gateway._send, call)

    async def __aenter__(self) -> "AsyncGateway":
        return self

    async def __aexit__(self, *_: Any) -> None:
        self._gateway.close()


class _Unreadable(ValueError):
    """What came as an answer is none of a gateway: whether the call was carried out is unknown."""


def _is_loopback(host: str) -> bool:
    """Whether it is an address of this machine; of names only localhost, any other may lead elsewhere."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _plain(value: Any) -> Any:
    """An exact amount as JSON, where its text is a number."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"{type(value).__name__} is no JSON")
