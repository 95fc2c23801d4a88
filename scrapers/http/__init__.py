"""Politeness towards venues: one session for every route."""

from .messages import Expect, Response

__all__ = ["Expect", "Response"]
