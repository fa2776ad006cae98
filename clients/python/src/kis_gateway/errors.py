"""What a call can end with instead of an answer."""

from typing import Any, Dict, Optional


class GatewayError(Exception):
    """A call that has no answer of the API.

    may_have_arrived: whether an attempt of the call may have been carried out.
    idempotency_key: of the call, the caller's or one that the client made; None for a call without. A call that may
    have arrived is repeated under this key, and is carried out once.
    """

    def __init__(self, message: str, may_have_arrived: bool, idempotency_key: Optional[str]) -> None:
        super().__init__(message)
        self.may_have_arrived = may_have_arrived
        self.idempotency_key = idempotency_key


class Unavailable(GatewayError):
    """The gateway could not be reached, or no answer of it came in time."""

    def __init__(self, message: str, may_have_arrived: bool, idempotency_key: Optional[str] = None) -> None:
        key = f"; idempotency key {idempotency_key}" if idempotency_key is not None else ""
        super().__init__(message + key, may_have_arrived, idempotency_key)


class Refused(GatewayError):
    """The gateway refuses the call; docs/ERRORS.md lists the codes.

    may_have_arrived: an earlier attempt of the same call had no answer.
    """

    def __init__(
        self,
        status: int,
        error: Dict[str, Any],
        may_have_arrived: bool = False,
        idempotency_key: Optional[str] = None,
    ) -> None:
        earlier = f"; an earlier attempt had no answer, idempotency key {idempotency_key}" if may_have_arrived else ""
        super().__init__(
            f"{error.get('code', status)}: {error.get('message', '')}{earlier}", may_have_arrived, idempotency_key
        )
        self.status = status
        self.code: str = error.get("code", "")
        self.message: str = error.get("message", "")
        self.retryable: bool = bool(error.get("retryable", False))
        self.retry_after_ms: Optional[int] = error.get("retry_after_ms")
        self.trace_id: str = error.get("trace_id", "")
        self.details: Dict[str, Any] = error.get("details") or {}
