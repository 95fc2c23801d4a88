"""Politeness towards venues: one session for every route."""

from .guard import Host
from .messages import Expect, Response
from .opening import host_of_base, open_session
from .session import PoliteSession

__all__ = ["Expect", "Host", "PoliteSession", "Response", "host_of_base", "open_session"]
