"""Products a user keeps an eye on."""

from datetime import datetime
from typing import Final

from django.db import transaction

from catalog.models import Product
from common.audit import record_event
from opportunities.models import Watch
from users.errors import LimitReached
from users.models import User

MAX_WATCHES: Final = 1_000


def add_watch(user: User, *, product: Product, note: str = "", now: datetime) -> tuple[Watch, bool]:
    """Watch a product; watching it already changes nothing but a given note.

    Args:
        user: who watches.
        product: what.
        note: the user's own words.
        now: the current time.

    Returns:
        The watch, and whether it is new.

    Raises:
        LimitReached: if the user watches `MAX_WATCHES` products.
    """
    with transaction.atomic():
        User.objects.select_for_update().only("pk").get(pk=user.pk)
        known = Watch.objects.filter(user=user, product=product).first()
        if known is not None:
            return (change_note(known, note=note, now=now) if note else known), False
        if Watch.objects.filter(user=user).count() >= MAX_WATCHES:
            raise LimitReached(
                detail=f"There are {MAX_WATCHES} watched products; remove one first.",
                details={"limit": MAX_WATCHES},
            )
        watch = Watch.objects.create(user=user, product=product, note=note, created_at=now)
        _record(watch, "watch.added", now=now)
    return watch, True


def change_note(watch: Watch, *, note: str, now: datetime) -> Watch:
    """Change the user's own words."""
    with transaction.atomic():
        watch.note = note
        watch.save(update_fields=["note"])
        _record(watch, "watch.changed", now=now)
    return watch


def remove_watch(watch: Watch, *, now: datetime) -> None:
    """Stop watching; nothing happens if that was done before."""
    with transaction.atomic():
        deleted, _ = Watch.objects.filter(pk=watch.pk).delete()
        if deleted:
            _record(watch, "watch.removed", now=now)


def _record(watch: Watch, verb: str, *, now: datetime) -> None:
    data = {"product": str(watch.product_id)}
    record_event(actor=watch.user, verb=verb, subject=f"watch:{watch.pk}", data=data, now=now)
