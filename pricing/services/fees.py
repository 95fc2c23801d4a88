"""Fee schedules change by new versions: a period that has begun is evidence for past figures."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import models, transaction

from catalog.models import Venue
from common.audit import record_event
from pricing.errors import FeeScheduleRefused
from pricing.models import FeeSchedule
from users.models import User


def clone_fee_schedule(
    schedule: FeeSchedule, *, valid_from: date, actor: User | None, now: datetime
) -> FeeSchedule:
    """Make the next version of a schedule with the same terms, valid from a day on, and end this one there.

    Args:
        schedule: the version that is valid the day before.
        valid_from: first day of the new version; staff edit its terms until then.
        actor: who does it.
        now: the current time.

    Returns:
        The new version.

    Raises:
        FeeScheduleRefused: if the day is not within the schedule's period, is not in the future, or another
            version is already planned.
    """
    with transaction.atomic():
        _lock(schedule.venue_id)
        schedule.refresh_from_db()
        if valid_from <= now.date():
            raise FeeScheduleRefused(None, "A new version can only begin on a later day.")
        if valid_from <= schedule.valid_from or (
            schedule.valid_to is not None and valid_from >= schedule.valid_to
        ):
            raise FeeScheduleRefused(
                None,
                f"Version {schedule.version} is not valid on {valid_from}, so nothing can follow it then.",
            )
        newest = schedule.siblings().aggregate(newest=models.Max("version"))["newest"]
        clone = FeeSchedule(
            venue_id=schedule.venue_id,
            programme=schedule.programme,
            category=schedule.category,
            currency=schedule.currency,
            version=newest + 1,
            valid_from=valid_from,
            valid_to=schedule.valid_to,
            components=schedule.components,
            postage_per_order=schedule.postage_per_order,
            packing_per_order=schedule.packing_per_order,
            source_url=schedule.source_url,
            note=schedule.note,
        )
        schedule.valid_to = valid_from
        schedule.save(update_fields=["valid_to"])
        return save_fee_schedule(clone, actor=actor, now=now)


def save_fee_schedule(schedule: FeeSchedule, *, actor: User | None, now: datetime) -> FeeSchedule:
    """Check and store a schedule, new or not yet begun.

    Raises:
        FeeScheduleRefused: if its terms make no sense, its period overlaps another version's, or it has
            begun.
    """
    with transaction.atomic():
        _lock(schedule.venue_id)
        is_new = schedule.pk is None
        if not is_new and FeeSchedule.objects.get(pk=schedule.pk).valid_from <= now.date():
            raise FeeScheduleRefused(None, "This version has begun and cannot be changed; clone it.")
        try:
            schedule.full_clean()
        except ValidationError as error:
            raise FeeScheduleRefused(
                None, " ".join(error.messages), {"fields": error.message_dict}
            ) from error
        schedule.save()
        record_event(
            actor=actor,
            verb="fee_schedule.created" if is_new else "fee_schedule.changed",
            subject=f"fee_schedule:{schedule.pk}",
            data=_facts(schedule),
            now=now,
        )
    return schedule


def _lock(venue_id: int) -> None:
    # the venue's row serialises versions: overlap cannot be an exclusion constraint without btree_gist
    Venue.objects.select_for_update().get(pk=venue_id)


def _facts(schedule: FeeSchedule) -> dict[str, object]:
    return {
        "venue_id": schedule.venue_id,
        "programme": schedule.programme,
        "category": schedule.category,
        "version": schedule.version,
        "valid_from": schedule.valid_from.isoformat(),
        "valid_to": schedule.valid_to and schedule.valid_to.isoformat(),
        "components": schedule.components,
        "postage_per_order": schedule.postage_per_order,
        "packing_per_order": schedule.packing_per_order,
    }
