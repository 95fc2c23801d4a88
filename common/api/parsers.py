"""JSON in: strict about what JSON is, bounded in size and depth, and free of text PostgreSQL cannot store."""

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import IO, Any, Final, NoReturn

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

MAX_DEPTH: Final = 32
MAX_EXPONENT: Final = 400


class StrictJSONParser(BaseParser):
    """Parse UTF-8 JSON; numbers with a fraction become Decimal.

    Refused with 400 before any serializer runs: NaN and Infinity, U+0000, lone surrogates, repeated names,
    nesting deeper than 32, numbers no column could hold. A body over `DATA_UPLOAD_MAX_MEMORY_SIZE` is
    refused with 413, whatever its Content-Length claimed.
    """

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """Return the parsed body.

        Raises:
            ParseError: for anything that is not acceptable JSON.
            RequestDataTooBig: for a body over the limit.
        """
        return parse_strict_json(_read_bounded(stream, settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 1_048_576))


def parse_strict_json(body: bytes) -> Any:
    """Parse one JSON document by the rules of `StrictJSONParser`.

    Raises:
        ParseError: with code malformed_body, number_out_of_range, too_deep or invalid_text.
    """
    try:
        value = json.loads(
            body.decode("utf-8"),
            parse_float=_decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_unique_names,
        )
    except ParseError:
        raise
    except RecursionError as error:
        raise ParseError(f"The body nests deeper than {MAX_DEPTH} levels.", "too_deep") from error
    except ValueError as error:
        raise ParseError(f"The body is not valid JSON: {_reason(error)}.", "malformed_body") from error
    _refuse_hostile(value)
    return value


def is_storable_text(text: str) -> bool:
    """Return whether PostgreSQL can store the text: no U+0000, no lone surrogate."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


def _read_bounded(stream: IO[bytes], limit: int) -> bytes:
    body = stream.read(limit + 1)
    if len(body) > limit:
        msg = f"body over {limit} bytes"
        raise RequestDataTooBig(msg)
    return body


def _decimal(text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise ParseError("A number in the body is out of range.", "number_out_of_range") from error
    if abs(value.adjusted()) > MAX_EXPONENT:
        raise ParseError("A number in the body is out of range.", "number_out_of_range")
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ParseError(f"{name} is not a JSON number.", "malformed_body")


def _unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ParseError("An object in the body repeats a name.", "malformed_body")
    return result


def _reason(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at character {error.pos}"
    return "not UTF-8" if isinstance(error, UnicodeDecodeError) else "a number is too long"


def _refuse_hostile(value: Any) -> None:
    """Walk the document without recursion, so that no input can exhaust the stack."""
    pending: list[tuple[Any, int]] = [(value, 1)]
    while pending:
        item, depth = pending.pop()
        if isinstance(item, str):
            if not is_storable_text(item):
                raise ParseError("Text in the body holds U+0000 or half a surrogate pair.", "invalid_text")
        elif isinstance(item, dict | list):
            if depth > MAX_DEPTH:
                raise ParseError(f"The body nests deeper than {MAX_DEPTH} levels.", "too_deep")
            children = [*item, *item.values()] if isinstance(item, dict) else item
            pending.extend((child, depth + 1) for child in children)
