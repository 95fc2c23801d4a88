"""What jobs look like in the OpenAPI document."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample

_JOB: Final[dict[str, Any]] = {
    "id": "0199f0a0-0000-7000-8000-000000000010",
    "kind": "scrapers.update_all_prices",
    "label": "Update all prices",
    "subject": "",
    "state": "running",
    "progress_done": 120,
    "progress_total": 424,
    "note": "tcgplayer",
    "counts": {"stored": 118, "held": 2},
    "errors": [],
    "error_count": 0,
    "attempts": 1,
    "requested_by": "bob",
    "is_demo": False,
    "created_at": "2026-11-21T12:00:00Z",
    "started_at": "2026-11-21T12:00:01Z",
    "heartbeat_at": "2026-11-21T12:01:30Z",
    "finished_at": None,
    "eta_seconds": 227,
}
JOB: Final = OpenApiExample("A running job", response_only=True, value=_JOB)
JOB_ACCEPTED: Final = OpenApiExample(
    "Accepted", response_only=True, status_codes=["202"], value={"job": _JOB}
)
