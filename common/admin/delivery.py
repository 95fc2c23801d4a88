"""The outbox and the idempotency keys for staff."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from common.clock import utc_now
from common.models import IdempotencyKey, OutboxMessage
from common.outbox.upkeep import release_parked

from .base import BoundedPaginator, ReadOnlyAdmin
from .confirming import Question, ask, chosen, is_confirmed


class StateFilter(admin.SimpleListFilter):
    """Messages by where they are in their life."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, name.capitalize()) for name in ("waiting", "published", "parked", "done")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        is_open = {"done_at__isnull": True, "parked_at__isnull": True}
        by_state: dict[str | None, dict[str, bool]] = {
            "waiting": {**is_open, "published_at__isnull": True},
            "published": {**is_open, "published_at__isnull": False},
            "parked": {"done_at__isnull": True, "parked_at__isnull": False},
            "done": {"done_at__isnull": False},
        }
        return queryset.filter(**by_state.get(self.value(), {}))


@admin.register(OutboxMessage)
class OutboxMessageAdmin(ReadOnlyAdmin):
    """Background work that committed transactions asked for."""

    list_display = (
        "created_at",
        "task",
        "queue",
        "state",
        "attempts",
        "publish_count",
        "last_error",
        "done_at",
    )
    list_filter = (StateFilter, "queue", "task")
    search_fields = ("task__startswith", "key__startswith")
    paginator = BoundedPaginator
    ordering = ("-created_at", "-id")
    actions = ("release",)

    @admin.display(description="State")
    def state(self, message: OutboxMessage) -> str:
        if message.done_at is not None:
            return "done"
        if message.parked_at is not None:
            return "parked"
        return "waiting" if message.published_at is None else "published"

    def has_release_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("common.change_outboxmessage")

    @admin.action(description="Try parked messages again…", permissions=["release"])
    def release(self, request: HttpRequest, queryset: QuerySet[OutboxMessage]) -> HttpResponse | None:
        """Give the parked ones among the selected messages a fresh set of attempts."""
        parked = queryset.filter(parked_at__isnull=False, done_at=None)
        parked_rows = chosen(self, request, parked)
        if not parked_rows:
            return None
        if not is_confirmed(request):
            rows = [(one.task, one.created_at, one.attempts, one.last_error or "–") for one in parked_rows]
            question = Question(
                title="Try parked messages again",
                button="Try again",
                lines=["Each is sent to its queue again, with a fresh set of attempts."],
                headers=("Task", "Asked for", "Attempts", "Last error"),
                rows=rows,
                keys=[one.pk for one in parked_rows],
            )
            return ask(self, request, question)
        actor = cast(AbstractBaseUser, request.user)
        count = release_parked([one.pk for one in parked_rows], actor=actor, now=utc_now())
        self.message_user(request, f"{count} parked messages will be tried again.", messages.SUCCESS)
        return None


@admin.register(IdempotencyKey)
class IdempotencyKeyAdmin(ReadOnlyAdmin):
    """Keyed requests that were answered. The answers themselves are not shown."""

    list_display = ("created_at", "endpoint", "key", "response_status", "actor_id")
    list_filter = ("endpoint", "response_status")
    search_fields = ("key__startswith",)
    paginator = BoundedPaginator
    ordering = ("-created_at", "-id")
    exclude = ("response_body", "request_hash")
