"""Filters that the staff pages share."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import RangeDateFilter
from unfold.utils import parse_date_str


class DayRangeFilter(RangeDateFilter):  # type: ignore[misc]  # unfold is untyped
    """A column of times between two days (UTC), both included; what is no day is ignored."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the rows of the chosen days."""
        first, last = self._day("from"), self._day("to")
        if first is not None:
            queryset = queryset.filter(**{f"{self.parameter_name}__gte": _midnight(first)})
        if last is not None:
            end = _midnight(last) + timedelta(days=1)
            queryset = queryset.filter(**{f"{self.parameter_name}__lt": end})
        return queryset

    def _day(self, end: str) -> date | None:
        text = self.used_parameters.get(f"{self.parameter_name}_{end}")
        parse: Callable[[str], date | None] = parse_date_str
        return parse(text) if isinstance(text, str) else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)
