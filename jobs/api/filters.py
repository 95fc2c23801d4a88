"""Query parameters of the job list."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters

from common.api.filters import ChoiceList, TrueOrFalse
from jobs.choices import FINAL_STATES, OPEN_STATES, JobState
from jobs.models import Job


class _StableOrdering(filters.OrderingFilter):  # type: ignore[misc]  # untyped
    """Orders as asked and then by id, so that pages never overlap."""

    def filter(self, qs: QuerySet[Job], value: Any) -> QuerySet[Job]:
        """Return the ordered jobs; newest first unless asked otherwise."""
        names = [self.get_ordering_value(name) for name in value or ["-created_at"]]
        return qs.order_by(*names, "id")


class JobFilter(filters.FilterSet):  # type: ignore[misc]  # untyped
    """Which jobs."""

    state = ChoiceList(choices=JobState.choices, lookup_expr="in", help_text="One or more, by comma.")
    kind = filters.CharFilter(help_text="Task name, e.g. scrapers.update_all_prices.")
    subject = filters.CharFilter(help_text="What it is about, e.g. product:ID.")
    is_open = TrueOrFalse(method="filter_open", help_text="Whether it has not ended.")
    ordering = _StableOrdering(fields=(("created_at", "created_at"),))

    class Meta:
        model = Job
        fields: tuple[str, ...] = ()

    def filter_open(self, jobs: QuerySet[Job], _name: str, value: bool) -> QuerySet[Job]:
        """Keep the jobs that have, or have not, ended."""
        return jobs.filter(state__in=OPEN_STATES if value else FINAL_STATES)
