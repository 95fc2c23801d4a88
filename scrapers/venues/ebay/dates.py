"""Reading when a listing ended from the words above it: "Sold Jul 5, 2026", "Jun-23 19:07"."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

_TIME: Final = re.compile(r"\b\d{1,2}:\d{2}(?::\d{2})?\b")
_TOKEN: Final = re.compile(r"[^\W\d_]+|[0-9]+")
_SOLD: Final = frozenset({"sold", "verkauft", "vendu", "vendue", "venduto", "vendido", "verkocht"})
_UNSOLD: Final = frozenset(
    {"ended", "unsold", "beendet", "terminé", "terminée", "scaduto", "finalizado", "afgelopen"}
)
_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janv janvier gen gennaio ene enero januari",
            "feb february februar févr février febbraio febrero februari",
            "mar march mär märz mars marzo mrt maart",
            "apr april avr avril aprile abr abril",
            "may mai mag maggio mayo mei",
            "jun june juni juin giu giugno junio",
            "jul july juli juil juillet lug luglio julio",
            "aug august août ago agosto augustus",
            "sep sept september septembre set settembre septiembre",
            "oct october okt oktober octobre ott ottobre octubre",
            "nov november novembre noviembre",
            "dec december dez dezember déc décembre dic dicembre diciembre",
        ),
        start=1,
    )
    for name in names.split()
}


@dataclass(frozen=True, slots=True)
class EndMark:
    """What the words say: whether it was sold (None: they do not say), and the day it ended, if readable."""

    is_sold: bool | None
    on: date | None


def parse_end_mark(text: str, *, today: date) -> EndMark:
    """Read the words above a listing, in English, German, French, Italian, Spanish or Dutch.

    A day without a year is the latest such day that is not in the future. Venues east of us may already have
    tomorrow's date: it counts as today; any later day is not believed.

    Args:
        text: all marks of one listing.
        today: our date (UTC).
    """
    tokens = _TOKEN.findall(_TIME.sub(" ", text.casefold()))
    is_sold = None
    if _UNSOLD.intersection(tokens):
        is_sold = False
    elif _SOLD.intersection(tokens):
        is_sold = True
    return EndMark(is_sold, _date(tokens, today))


def _date(tokens: list[str], today: date) -> date | None:
    months = {_MONTHS[token] for token in tokens if token in _MONTHS}
    days = {int(token) for token in tokens if token.isdigit() and len(token) <= 2}
    years = {int(token) for token in tokens if token.isdigit() and len(token) == 4}
    if len(months) != 1 or len(days) != 1 or len(years) > 1:
        return None
    month, day = months.pop(), days.pop()
    if years:
        found = _day(years.pop(), month, day)
        if found is not None and found > today:
            return today if found == today + timedelta(days=1) else None
        return found
    candidates = (_day(year, month, day) for year in range(today.year, today.year - 9, -1))
    return next((found for found in candidates if found is not None and found <= today), None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
