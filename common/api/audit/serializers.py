"""Audit events and the state of their chains as JSON."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from common.models import AuditEvent


class AuditEventSerializer(serializers.ModelSerializer[AuditEvent]):
    actor = serializers.SerializerMethodField(help_text="Username; null for the system.")
    data = serializers.JSONField(  # type: ignore[assignment]  # a field named like a property
        help_text="Ids and figures; `before` and `after` where something changed."
    )
    hash = serializers.SerializerMethodField(help_text="SHA-256 in hex.")
    previous_hash = serializers.SerializerMethodField()

    class Meta:
        model = AuditEvent
        fields = (
            "id", "stream", "seq", "verb", "subject", "actor", "data", "request_id", "recorded_at", "hash",
            "previous_hash",
        )  # fmt: skip

    @extend_schema_field(OpenApiTypes.STR)
    def get_actor(self, event: AuditEvent) -> str | None:
        """Return the name from the page's one lookup; an actor who is gone keeps their id."""
        if event.actor_id is None:
            return None
        names: dict[UUID, str] = self.context.get("actors", {})
        return names.get(event.actor_id, str(event.actor_id))

    def get_hash(self, event: AuditEvent) -> str:
        """Return the event's hash in hex."""
        return bytes(event.hash).hex()

    def get_previous_hash(self, event: AuditEvent) -> str:
        """Return the hash it is chained to, in hex."""
        return bytes(event.previous_hash).hex()


class AuditStatusSerializer(serializers.Serializer[Any]):
    """What the last verification of all chains found."""

    is_intact = serializers.BooleanField(allow_null=True, help_text="Null before the first verification.")
    checked_at = serializers.DateTimeField(allow_null=True)
    events = serializers.IntegerField(help_text="Checked then.")
    streams = serializers.IntegerField()
    breaks = serializers.IntegerField()
    head = serializers.CharField(help_text="Digest over the heads of all chains then; keep it elsewhere.")


def actor_names(events: Iterable[AuditEvent]) -> dict[UUID, str]:
    """Return the usernames of everybody who acted in some events, in one query."""
    wanted = {event.actor_id for event in events if event.actor_id is not None}
    users = get_user_model()._default_manager.filter(pk__in=wanted)
    return {user.pk: user.get_username() for user in users.only("pk", "username")}
