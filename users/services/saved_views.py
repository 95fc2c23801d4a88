"""Named filters of a page: kept, changed and forgotten by their owner."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from common.audit import record_event
from common.errors import NotFound
from users.errors import LimitReached, NameTaken
from users.models import SavedView, User

MAX_PER_PAGE: Final = 50
CHANGEABLE: Final = ("name", "query", "is_default", "is_shared")


def create_saved_view(user: User, *, facts: Mapping[str, Any], now: datetime) -> SavedView:
    """Keep a view; as the default it replaces the former default of that page.

    Args:
        user: its owner.
        facts: `page`, `name`, and any of `query`, `is_default`, `is_shared`.
        now: the current time.

    Raises:
        NameTaken: if the user has a view of this name on this page.
        LimitReached: if the user has `MAX_PER_PAGE` views on this page.
    """
    view = SavedView(user=user, page=facts["page"], created_at=now, updated_at=now)
    _apply(view, facts)
    with transaction.atomic():
        _lock_views_of(user)
        if SavedView.objects.filter(user=user, page=view.page).count() >= MAX_PER_PAGE:
            raise LimitReached(
                detail=f"There are {MAX_PER_PAGE} views on this page; delete one first.",
                details={"limit": MAX_PER_PAGE},
            )
        _make_room(view)
        view.save(force_insert=True)
        _record(view, "saved_view.created", now=now)
    return view


def update_saved_view(view: SavedView, *, facts: Mapping[str, Any], now: datetime) -> SavedView:
    """Change a view of its owner's; the page it belongs to stays.

    Args:
        view: which one.
        facts: any of `CHANGEABLE`.
        now: the current time.

    Raises:
        NameTaken: if another view of the owner has this name on this page.
        NotFound: if it was deleted meanwhile.
    """
    with transaction.atomic():
        _lock_views_of(view.user)
        row = SavedView.objects.filter(pk=view.pk).select_related("user").first()
        if row is None:
            raise NotFound(detail="This view was deleted.")
        _apply(row, facts)
        row.updated_at = now
        _make_room(row)
        row.save(update_fields=[*CHANGEABLE, "updated_at"])
        _record(row, "saved_view.changed", now=now)
    return row


def delete_saved_view(view: SavedView, *, now: datetime) -> None:
    """Forget a view; nothing happens if that was done before."""
    with transaction.atomic():
        deleted, _ = SavedView.objects.filter(pk=view.pk).delete()
        if deleted:
            _record(view, "saved_view.deleted", now=now)


def _apply(view: SavedView, facts: Mapping[str, Any]) -> None:
    for name in CHANGEABLE:
        if name in facts:
            setattr(view, name, facts[name])


def _lock_views_of(user: User) -> None:
    """Let one change at a time judge the owner's names, defaults and number."""
    User.objects.select_for_update().only("pk").get(pk=user.pk)


def _make_room(view: SavedView) -> None:
    others = SavedView.objects.filter(user=view.user, page=view.page).exclude(pk=view.pk)
    if others.filter(name=view.name).exists():
        raise NameTaken(detail="There is a view of this name on this page.", details={"name": view.name})
    if view.is_default:
        others.filter(is_default=True).update(is_default=False)


def _record(view: SavedView, verb: str, *, now: datetime) -> None:
    data = {"page": view.page, "is_default": view.is_default, "is_shared": view.is_shared}
    record_event(actor=view.user, verb=verb, subject=f"saved_view:{view.pk}", data=data, now=now)
