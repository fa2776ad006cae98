"""What a call can end with instead of an answer."""

from typing import Any, Dict, Optional


class GatewayError(Exception):
    """A call that has no answer of the API."""


class Unavailable(GatewayError):
    """The gateway could not be reached or did not answer in time.

    may_have_arrived: whether the call may have been carried out. A call with an idempotency key can be repeated
    under the same key; it is not carried out twice.
    """

    def __init__(self, message: str, may_have_arrived: bool) -> None:
        super().__init__(message)
        self.may_have_arrived = may_have_arrived


class Refused(GatewayError):
    """The gateway refuses the call; docs/ERRORS.md lists the codes."""

    def __init__(self, status: int, error: Dict[str, Any]) -> None:
        super().__init__(f"{error.get('code', status)}: {error.get('message', '')}")
        self.status = status
        self.code: str = error.get("code", "")
        self.message: str = error.get("message", "")
        self.retryable: bool = bool(error.get("retryable", False))
        self.retry_after_ms: Optional[int] = error.get("retry_after_ms")
        self.trace_id: str = error.get("trace_id", "")
        self.details: Dict[str, Any] = error.get("details") or {}
