"""Rows as a CSV download: sent while they are read, and safe to open in a spreadsheet."""

import csv
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from io import StringIO
from itertools import islice
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import StreamingHttpResponse
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

_AT_ONCE: Final = 500
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


class CsvRenderer(JSONRenderer):
    """Lets clients ask for `text/csv`; the view streams the rows itself, and errors stay JSON."""

    media_type = "text/csv"
    format = "csv"


def safe_cell(value: Any) -> Any:
    """Return what may stand in a cell: a quote goes before text that a spreadsheet would take for a formula.

    Numbers are left alone, negative ones too.
    """
    if isinstance(value, str) and value.startswith(_DANGEROUS):
        return f"'{value}"
    return value


def csv_stream(
    request: Request, *, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """Answer with a file that is written while the rows are read.

    Args:
        request: of the caller; decides how the server consumes the answer.
        name: of the file.
        header: its first row.
        rows: lazy; None becomes an empty cell.
    """
    return file_stream(
        request, name=name, content_type="text/csv; charset=utf-8", parts=_parts(header, iter(rows))
    )


def file_stream(
    request: Request, *, name: str, content_type: str, parts: Iterator[str]
) -> StreamingHttpResponse:
    """Answer with a file whose parts are sent as they are made, under ASGI too.

    Args:
        request: of the caller; decides how the server consumes the answer.
        name: of the file.
        content_type: of the file.
        parts: some hundred lines each; Django would gather those of a plain iterator in memory under ASGI.
    """
    is_asgi = isinstance(request._request, ASGIRequest)
    content: Iterable[str] | AsyncIterator[str] = _stepwise(parts) if is_asgi else parts
    return StreamingHttpResponse(
        content,
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _parts(header: Sequence[str], rows: Iterator[Sequence[Any]]) -> Iterator[str]:
    """Write some hundred rows at a time."""
    yield _text([header])
    while chunk := list(islice(rows, _AT_ONCE)):
        yield _text([[safe_cell(value) for value in row] for row in chunk])


def _text(rows: Iterable[Sequence[Any]]) -> str:
    out = StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


async def _stepwise(parts: Iterator[str]) -> AsyncIterator[str]:
    """Read in the thread that owns the database connection, one part at a time."""
    read = sync_to_async(lambda: next(parts, None))
    while (part := await read()) is not None:
        yield part
