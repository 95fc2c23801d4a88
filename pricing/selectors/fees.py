"""Which fee schedule applies on a day, as the row and as the value the mathematics takes."""

from datetime import date

from django.db import models

from catalog.models import Venue
from pricing.errors import FeeScheduleNotFound
from pricing.models import FeeSchedule
from quant.fees import FeeSchedule as FeeTerms

STANDARD = "standard"


def fee_schedule_at(
    *, venue: Venue, on: date, category: str = "", programme: str = STANDARD
) -> tuple[FeeSchedule, FeeTerms]:
    """Return the schedule of a venue that is valid on a day.

    A schedule for the category goes before one for every category; of several versions the newest wins.

    Args:
        venue: where is sold.
        on: day of the sale; a schedule is valid in [valid_from, valid_to).
        category: game, e.g. `mtg`.
        programme: seller programme, e.g. `standard`, `pro`, `direct`.

    Returns:
        The row, for its version and provenance, and its terms.

    Raises:
        FeeScheduleNotFound: if the venue has none on that day.
        InvalidFeeSchedule: if the stored terms do not make sense.
    """
    row = (
        FeeSchedule.objects.filter(
            venue=venue, programme=programme, category__in=["", category], valid_from__lte=on
        )
        .filter(models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=on))
        .order_by("-category", "-version")
        .first()
    )
    if row is None:
        raise FeeScheduleNotFound(
            None,
            f"{venue.name} has no fee schedule for the programme {programme!r} on {on}.",
            {"venue": venue.code, "programme": programme, "category": category, "on": on.isoformat()},
        )
    return row, fee_schedule_data(row)


def fee_schedule_data(row: FeeSchedule) -> FeeTerms:
    """Return the terms of a stored schedule.

    Raises:
        InvalidFeeSchedule, UnknownCurrency: if they do not make sense.
    """
    return row.terms()
