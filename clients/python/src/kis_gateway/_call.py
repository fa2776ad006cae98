"""One call of the gateway's API."""

from dataclasses import dataclass
from typing import Any, Dict, Optional
from urllib.parse import quote


@dataclass(frozen=True)
class Call:
    """A call as the generated methods make it.

    keyed: whether it takes an idempotency key; operator: whether it sends the operator's token.
    """

    method: str
    path: str
    parameters: Dict[str, Any]
    query: Dict[str, Any]
    body: Optional[Any]
    idempotency_key: Optional[str]
    keyed: bool
    operator: bool

    def target(self) -> str:
        """The path with its parameters and its query."""
        path = self.path
        for name, value in self.parameters.items():
            path = path.replace("{" + name + "}", quote(str(value), safe=""))
        given = [(name, value) for name, value in self.query.items() if value is not None]
        if not given:
            return path
        return path + "?" + "&".join(name + "=" + quote(_text(value), safe="") for name, value in given)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return ",".join(_text(each) for each in value)
    return str(value)
