"""Processors every log line passes through; `arbsite.settings.logging` strings them together."""

import re
from collections.abc import Mapping, MutableMapping
from typing import Any, Final

import structlog

HIDDEN: Final = "***"
_MAX_DEPTH: Final = 6

_SECRET_NAME: Final = re.compile(
    r"passw(or)?d|secret|token|authorization|cookie|api[-_]?key|private[-_]?key|session[-_]?(id|key)|credential",
    re.IGNORECASE,
)
_SECRET_IN_TEXT: Final = (
    # user:password@ of an address
    (re.compile(r"(\w+://[^\s:/@]*):[^\s@/]+@"), rf"\1:{HIDDEN}@"),
    # name=value and "name": "value", in queries, dumps and tracebacks
    (
        re.compile(
            r"(?i)\b([\w-]*(?:passw(?:or)?d|secret|token|api[-_]?key|session[-_]?id)[\w-]*)"
            r"(\"|')?(\s*[=:]\s*)(\"|')?[^\s&\"',;)}]+"
        ),
        rf"\1\2\3\4{HIDDEN}",
    ),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.+/=-]{8,}"), rf"\1 {HIDDEN}"),
)


def current_request_id() -> str:
    """Return the id that log lines carry for the request being served, or an empty text outside one."""
    return str(structlog.contextvars.get_contextvars().get("request_id") or "")[:64]


def redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hide secrets by the name of their field, and in text by the look of what is around them."""
    for name, value in event.items():
        event[name] = HIDDEN if _is_secret(name, value) else hide_in(value, _MAX_DEPTH)
    return event


def hide_in(value: Any, depth: int) -> Any:
    """Return the value with secrets hidden, through mappings and sequences up to `depth` levels down."""
    if isinstance(value, str):
        return hide_in_text(value)
    if depth <= 0:
        return value
    if isinstance(value, Mapping):
        return {
            name: HIDDEN if _is_secret(str(name), inner) else hide_in(inner, depth - 1)
            for name, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [hide_in(inner, depth - 1) for inner in value]
    return value


def hide_in_text(text: str) -> str:
    """Return the text with passwords in addresses, `name=value` secrets and bearer tokens hidden."""
    for pattern, replacement in _SECRET_IN_TEXT:
        text = pattern.sub(replacement, text)
    return text


def drop_internal(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Remove what libraries put on a record for their own use: request and socket objects are not facts."""
    if event.get("message") == event.get("event"):
        event.pop("message", None)
    for name in ("request", "server_time", "status_code"):
        if not isinstance(event.get(name), str | int | type(None)):
            del event[name]
    return event


def _is_secret(name: str, value: Any) -> bool:
    """A count or a claim about tokens is not a token: only text and bytes are hidden by name."""
    return isinstance(value, str | bytes | Mapping | list | tuple) and _SECRET_NAME.search(name) is not None
