"""Query parameters of the audit trail."""

from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django_filters import rest_framework as filters

from common.models import AuditEvent

SYSTEM_ACTOR = "system"


class AuditFilter(filters.FilterSet):  # type: ignore[misc]  # untyped
    """Which events."""

    actor = filters.CharFilter(
        method="filter_actor", max_length=150, help_text="A username, a user's id, or `system`."
    )
    verb = filters.CharFilter(
        field_name="verb", lookup_expr="startswith", max_length=64, help_text="How it begins: `opportunity.`"
    )
    subject = filters.CharFilter(
        method="filter_subject", max_length=120, help_text="`opportunity:ID`, or a type alone: `opportunity:`"
    )
    after = filters.IsoDateTimeFilter(field_name="recorded_at", lookup_expr="gte")
    before = filters.IsoDateTimeFilter(field_name="recorded_at", lookup_expr="lt")

    class Meta:
        model = AuditEvent
        fields: tuple[str, ...] = ()

    def filter_actor(self, events: QuerySet[AuditEvent], _name: str, value: str) -> QuerySet[AuditEvent]:
        """Keep what one user did; an unknown user did nothing."""
        if value == SYSTEM_ACTOR:
            return events.filter(actor_id__isnull=True)
        try:
            return events.filter(actor_id=UUID(value))
        except ValueError:
            users = get_user_model()._default_manager.filter(username=value)
            return events.filter(actor_id__in=list(users.values_list("pk", flat=True)))

    def filter_subject(self, events: QuerySet[AuditEvent], _name: str, value: str) -> QuerySet[AuditEvent]:
        """Keep one subject, or all of a type."""
        if value.endswith(":"):
            return events.filter(subject__startswith=value)
        return events.filter(subject=value)
