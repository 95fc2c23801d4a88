"""The explanation of an opportunity as small tables for the staff pages."""

from collections.abc import Iterable
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from opportunities.choices import Flag
from opportunities.models import Opportunity
from opportunities.selectors import explanation_of
from opportunities.selectors.course import timeline_of
from users.models import User

_SHOWN_LINES = 20


def flags_text(row: Opportunity) -> str:
    """Return the flags in words."""
    labels = dict(Flag.choices)
    return "; ".join(str(labels.get(flag, flag)) for flag in row.flags) or "none"


def score_panel(row: Opportunity) -> SafeString:
    """Return the four factors with their inputs, and the conditions of the risk level."""
    explained = _explained(row)
    factors = [
        (
            name.replace("_", " "),
            factor["score"],
            factor["weight"],
            ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in factor["inputs"].items()),
        )
        for name, factor in row.factors.items()
    ]
    conditions = [
        ("holds" if condition["holds"] else "does not hold", condition["text"])
        for condition in explained["risk"]["conditions"]
    ]
    return format_html(
        "{}{}",
        _table(("Factor", "Score", "Weight", "From"), factors),
        _table(("Condition", f"for {row.risk_level} risk and better"), conditions),
    )


def contents_panel(row: Opportunity) -> SafeString:
    """Return the most valuable cards of the contents."""
    lines = _explained(row)["contents"]["lines"]
    shown = [
        (
            line["name"],
            f"{line['set_code']} {line['number']}",
            line["finish"],
            line["expected_copies"],
            "-" if line["price"] is None else line["price"],
            "-" if line["gross_value"] is None else line["gross_value"],
            "yes" if line["counted"] else "no",
        )
        for line in lines[:_SHOWN_LINES]
    ]
    table = _table(("Card", "Printing", "Finish", "Copies", "Price", "Value", "Sold singly"), shown)
    more = len(lines) - len(shown)
    return format_html("{}{}", table, f"… and {more} more" if more > 0 else "")


def waterfall_panel(row: Opportunity) -> SafeString:
    """Return the steps from the market value to the profit."""
    steps = [(step["label"], f"{step['amount']} {row.currency}") for step in _explained(row)["waterfall"]]
    return _table(("Step", "Amount"), steps)


def timeline_panel(row: Opportunity, *, reader: User | None) -> SafeString:
    """Return what the audit trail says of the opportunity and its executions, newest first."""
    found = timeline_of(row, reader=reader)
    events = [
        (
            f"{event['recorded_at']:%Y-%m-%d %H:%M:%S} UTC",
            event["verb"],
            event["actor"] or "system",
            ", ".join(f"{name} {value}" for name, value in event["data"].items()),
        )
        for event in found["results"]
    ]
    words = {True: "Every event still has its hash.", False: "An event was changed: verify the trail."}
    table = _table(("When", "What", "Who", "Data"), events)
    return format_html("{}{}", table, words.get(found["verified"], "Nothing is recorded."))


def _explained(row: Opportunity) -> dict[str, Any]:
    """Return the explanation of a row, computed once for all panels of its page."""
    found: dict[str, Any] | None = getattr(row, "explained", None)
    if found is None:
        found = row.explained = explanation_of(row)  # type: ignore[attr-defined]  # kept with the row
    return found


def _table(head: Iterable[str], rows: Iterable[tuple[Any, ...]]) -> SafeString:
    cells = format_html_join(
        "", '<th class="px-3 py-1 text-left font-semibold">{}</th>', ((h,) for h in head)
    )
    body = format_html_join(
        "",
        "<tr>{}</tr>",
        ((format_html_join("", '<td class="px-3 py-1">{}</td>', ((cell,) for cell in row)),) for row in rows),
    )
    return format_html(
        '<table class="mb-3 text-sm"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>', cells, body
    )
