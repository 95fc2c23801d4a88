"""Structured logs (structlog), on standard error."""

__all__: list[str] = []
