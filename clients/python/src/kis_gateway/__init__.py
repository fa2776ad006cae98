"""Client of the KIS Trading Gateway."""

from .errors import GatewayError, Refused, Unavailable
from .events import AsyncEvents, Events
from .gateway import AsyncGateway, Gateway

__all__ = ["AsyncEvents", "AsyncGateway", "Events", "Gateway", "GatewayError", "Refused", "Unavailable"]
