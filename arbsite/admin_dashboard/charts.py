"""The figures as data of Chart.js, which Unfold ships; each chart has its numbers as a table too."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from opportunities.choices import RiskLevel

from .figures import Figures, margin_labels
from .ranges import TimeRange

# Readable on white and on black; every colour has its word in the legend.
RISK_COLOURS: Final = {RiskLevel.LOW: "#10b981", RiskLevel.MEDIUM: "#f59e0b", RiskLevel.HIGH: "#ef4444"}
OPENED_COLOUR: Final = "#3b82f6"
CLOSED_COLOUR: Final = "#9ca3af"
FRESH_COLOUR: Final = "#10b981"
TICK_COLOUR: Final = "#8b93a1"


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart: JSON for the canvas, and the same numbers as rows for those who cannot see it."""

    title: str
    note: str
    data: str
    options: str
    headers: Sequence[str]
    rows: Sequence[Sequence[object]]
    is_empty: bool


def charts_of(figures: Figures, chosen: TimeRange) -> list[Chart]:
    """Return the charts of the page in order."""
    return [_margins(figures), _by_time(figures, chosen), _freshness(figures)]


def _margins(figures: Figures) -> Chart:
    labels = margin_labels()
    series = {risk: [figures.margins.get((risk.value, label), 0) for label in labels] for risk in RiskLevel}
    # Nothing below zero or above the review limit is shown as executable; an empty end only takes room.
    kept = [place for place in range(len(labels)) if any(counts[place] for counts in series.values())]
    kept = list(range(kept[0], kept[-1] + 1)) if kept else []
    names = [labels[place] for place in kept]
    datasets = [
        _dataset(f"{risk.label} risk", [counts[place] for place in kept], RISK_COLOURS[risk])
        for risk, counts in series.items()
    ]
    return _chart(
        "Margins of active opportunities",
        "Opportunities by executable margin and risk",
        names,
        datasets,
        stacked=True,
    )


def _by_time(figures: Figures, chosen: TimeRange) -> Chart:
    buckets = chosen.buckets(figures.now)
    names = [f"{bucket:%H:%M}" if chosen.bucket == "hour" else f"{bucket:%d %b}" for bucket in buckets]
    datasets = [
        _dataset("Opened", _counts(figures.opened, buckets), OPENED_COLOUR),
        _dataset("Closed", _counts(figures.closed, buckets), CLOSED_COLOUR),
    ]
    word = "hour" if chosen.bucket == "hour" else "day"
    return _chart(f"Opportunities by {word}", f"Last {chosen.label}, UTC", names, datasets)


def _freshness(figures: Figures) -> Chart:
    tracked = [source for source in figures.sources if source.coverage.tracked]
    names = [source.name for source in tracked]
    shares = [float(100 * source.coverage.share) for source in tracked]
    chart = _chart(
        "Fresh prices by source",
        f"Share of tracked products priced within {figures.coverage.window_hours} h, in %",
        names,
        [_dataset("Fresh, %", shares, FRESH_COLOUR)],
        horizontal=True,
    )
    rows = [
        (source.name, f"{100 * source.coverage.share:.1f} %", source.coverage.fresh, source.coverage.tracked)
        for source in tracked
    ]
    return Chart(
        chart.title, chart.note, chart.data, chart.options, ("Source", "Share", "Fresh", "Tracked"), rows,
        is_empty=not tracked,
    )  # fmt: skip


def _counts(found: Mapping[datetime, int], buckets: Sequence[datetime]) -> list[int]:
    return [found.get(bucket, 0) for bucket in buckets]


def _dataset(label: str, values: Sequence[float], colour: str) -> dict[str, Any]:
    return {"label": label, "data": list(values), "backgroundColor": colour, "maxBarThickness": 28}


def _chart(
    title: str,
    note: str,
    names: Sequence[str],
    datasets: Sequence[dict[str, Any]],
    *,
    stacked: bool = False,
    horizontal: bool = False,
) -> Chart:
    rows = [(name, *(found["data"][place] for found in datasets)) for place, name in enumerate(names)]
    return Chart(
        title=title,
        note=note,
        data=json.dumps({"labels": list(names), "datasets": list(datasets)}),
        options=json.dumps(_options(stacked=stacked, horizontal=horizontal, has_legend=len(datasets) > 1)),
        headers=("", *(found["label"] for found in datasets)),
        rows=rows,
        is_empty=not any(any(found["data"]) for found in datasets),
    )


def _options(*, stacked: bool, horizontal: bool, has_legend: bool) -> dict[str, Any]:
    names_axis = {
        "stacked": stacked,
        "grid": {"display": False},
        "ticks": {"color": TICK_COLOUR, "maxRotation": 0},
    }
    counts_axis = {
        "stacked": stacked,
        "beginAtZero": True,
        "grid": {"display": True},
        "ticks": {"color": TICK_COLOUR, "precision": 0},
        **({"max": 100} if horizontal else {}),
    }
    return {
        "animation": False,
        "responsive": True,
        "maintainAspectRatio": False,
        "indexAxis": "y" if horizontal else "x",
        "plugins": {
            "legend": {
                "display": has_legend,
                "align": "end",
                "labels": {"color": TICK_COLOUR, "boxWidth": 10, "boxHeight": 10},
            }
        },
        "scales": {
            "x": counts_axis if horizontal else names_axis,
            "y": names_axis if horizontal else counts_axis,
        },
    }
