"""The list of opportunities: from query parameters to one page of JSON text, with little in between.

Building a filter set costs more than everything else a list does, so what a query compiles to is kept. The
total of a long list is kept for some seconds: nobody can tell 412,000 from 412,003, and counting is what a
long list costs most.
"""

import hashlib
import json
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any, Final

from django.http import HttpResponse, QueryDict
from django_filters.utils import translate_validation
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request

from common.api.conditional import IF_NONE_MATCH, REVALIDATE
from common.api.filters import refuse_unknown_parameters
from common.api.pagination import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, positive_parameter
from opportunities.selectors.keyset import Cursor, CursorInvalid, decode_cursor
from opportunities.selectors.pages import (
    PageText,
    Place,
    Plan,
    compiled,
    cursors_of,
    marked_list,
    page_text,
)

from .filters import OpportunityFilter
from .serializers import ITEM_FIELDS

PAGING: Final = frozenset({"page", "page_size", "cursor", "pagination", "fields"})
ALLOWED: Final = frozenset(OpportunityFilter.base_filters) | PAGING
MANY: Final = 10_000
COUNT_SECONDS: Final = 15.0
_MAX_PLANS: Final = 256
_MAX_KEY: Final = 600
_KNOWN: Final = re.compile(r'"l-[0-9a-f]{16}\.(?P<digest>[0-9a-f]{32}|empty)"')

PlanKey = tuple[Any, ...]


@dataclass(slots=True)
class _Kept:
    plan: Plan
    count: int = 0
    counted_until: float = 0.0


class _Plans:
    """The plans of recent queries, the least recently used forgotten first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[PlanKey, _Kept] = OrderedDict()

    def get(self, key: PlanKey) -> _Kept | None:
        """Return what is kept under a key."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: PlanKey, kept: _Kept) -> None:
        """Keep a plan."""
        with self._lock:
            self._kept[key] = kept
            while len(self._kept) > _MAX_PLANS:
                self._kept.popitem(last=False)


_plans = _Plans()


def filtered(data: QueryDict, request: Request | None, rows: Any) -> Any:
    """Return the filtered and ordered rows of a query.

    Raises:
        ValidationError: for values the filters refuse.
        NotAuthenticated: for `watched` without a login.
    """
    filterset = OpportunityFilter(data=data, queryset=rows, request=request)
    if not filterset.is_valid():
        raise translate_validation(filterset.errors)
    return filterset.qs


def list_answer(request: Request, *, now: datetime) -> HttpResponse:
    """Answer the list: a numbered page with its total, or a page by cursor without one.

    Raises:
        ValidationError: for parameters that are unknown or refused.
        NotFound: for a page behind the last one.
    """
    refuse_unknown_parameters(request, ALLOWED)
    fields = chosen_fields(request)
    kept = _kept_plan(request)
    size = positive_parameter(request, "page_size", default=DEFAULT_PAGE_SIZE, maximum=MAX_PAGE_SIZE)
    if _is_by_cursor(request):
        return _by_cursor(request, kept.plan, Place(size, cursor=_cursor(request, kept.plan)), fields, now)
    number = positive_parameter(request, "page", default=1, maximum=999_999_999)
    place = Place(size, offset=(number - 1) * size, is_counted=monotonic() >= kept.counted_until)

    def head(page: PageText) -> str:
        if page.first is None and number > 1:
            raise NotFound("There is no such page.")
        following = _link(request, "page", number + 1) if page.has_more else None
        before = _link(request, "page", number - 1) if number > 1 else None
        if page.count is not None:
            kept.count = page.count
            kept.counted_until = monotonic() + COUNT_SECONDS if page.count >= MANY else 0.0
        total = max(kept.count, place.offset + 1) if page.first is not None else kept.count
        return f'{{"next":{_quoted(following)},"previous":{_quoted(before)},"count":{total},"results":'

    return _answer(request, kept.plan, place, fields, now, head)


def chosen_fields(request: Request) -> tuple[str, ...]:
    """Return the item fields asked for, in their usual order.

    Raises:
        ValidationError: naming those there are.
    """
    text = request.query_params.get("fields")
    if text is None:
        return ITEM_FIELDS
    wanted = {name.strip() for name in text.split(",")}
    unknown = sorted(wanted - set(ITEM_FIELDS))
    if unknown:
        raise ValidationError(
            {"fields": [f"Unknown: {', '.join(unknown)[:80]}. There are {', '.join(ITEM_FIELDS)}."]}
        )
    return tuple(name for name in ITEM_FIELDS if name in wanted)


def _by_cursor(
    request: Request, plan: Plan, place: Place, fields: tuple[str, ...], now: datetime
) -> HttpResponse:
    def head(page: PageText) -> str:
        following, before = (
            None if cursor is None else _link(request, "cursor", cursor)
            for cursor in cursors_of(plan, page, place=place)
        )
        return f'{{"next":{_quoted(following)},"previous":{_quoted(before)},"results":'

    return _answer(request, plan, place, fields, now, head)


def _answer(
    request: Request,
    plan: Plan,
    place: Place,
    fields: tuple[str, ...],
    now: datetime,
    head: Callable[[PageText], str],
) -> HttpResponse:
    """Write the page behind its head, or 304 if the caller has exactly that."""
    tags = request.headers.get(IF_NONE_MATCH, "")
    known = _KNOWN.search(tags)
    page = page_text(plan, place=place, fields=fields, now=now, known_digest=known["digest"] if known else "")
    start = head(page)
    if page.results is None and _etag(start, page) not in tags:  # the rows are known, but not their number
        page = page_text(plan, place=place, fields=fields, now=now)
        start = head(page)
    etag = _etag(start, page)
    headers = {"ETag": etag, "Cache-Control": REVALIDATE}
    if etag in tags:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(f"{start}{page.results}}}", content_type="application/json", headers=headers)


def _etag(start: str, page: PageText) -> str:
    return f'"l-{hashlib.blake2b(start.encode(), digest_size=8).hexdigest()}.{page.digest}"'


def _kept_plan(request: Request) -> _Kept:
    parameters = {name: values for name, values in request.query_params.lists() if name not in PAGING}
    user = request.user.pk if "watched" in parameters else None
    key = (user, *sorted((name, *values) for name, values in parameters.items()))
    kept = _plans.get(key)
    if kept is None:
        kept = _Kept(compiled(filtered(request.query_params, request, marked_list())))
        if len(repr(key)) <= _MAX_KEY:
            _plans.put(key, kept)
    return kept


def _link(request: Request, name: str, value: str | int) -> str:
    """Return the address of another page: the query as it was sent, with one parameter changed."""
    sent = request.META.get("QUERY_STRING", "").split("&")
    kept = [part for part in sent if part and part.partition("=")[0] != name]
    base = request.build_absolute_uri(request.path)
    return f"{base}?{'&'.join([*kept, f'{name}={value}'])}"


def _is_by_cursor(request: Request) -> bool:
    kind = request.query_params.get("pagination", "cursor" if "cursor" in request.query_params else "page")
    if kind not in ("cursor", "page"):
        raise ValidationError({"pagination": ["Give cursor or page."]})
    clash = "page" if kind == "cursor" else "cursor"
    if clash in request.query_params:
        raise ValidationError({clash: [f"Does not go with pagination by {kind}."]})
    return kind == "cursor"


def _cursor(request: Request, plan: Plan) -> Cursor | None:
    text = request.query_params.get("cursor")
    if not text:
        return None
    try:
        return decode_cursor(text, plan.order)
    except CursorInvalid as error:
        raise ValidationError({"cursor": ["This cursor was not issued for this list."]}) from error


def _quoted(url: str | None) -> str:
    return "null" if url is None else json.dumps(url)
