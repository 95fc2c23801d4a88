"""Dropped messages are logged, but not one by one."""

from structlog.testing import capture_logs

from scrapers.streams.complaints import PAUSE_SECONDS, Complaints
from scrapers.streams.protocol import Counts


def test_dropped_messages_are_logged_once_a_minute_with_their_number():
    counts = Counts()
    complaints = Complaints("okx", counts)
    with capture_logs() as lines:
        complaints.look(1_000.0)
        counts.invalid, counts.skewed = 3, 2
        complaints.look(1_001.0)
        counts.invalid = 10
        complaints.look(1_000.9 + PAUSE_SECONDS)
        complaints.look(1_001.0 + PAUSE_SECONDS)
        complaints.look(1_002.0 + 2 * PAUSE_SECONDS)

    assert [(line["event"], line["exchange"], line["dropped"]) for line in lines] == [
        ("stream.invalid", "okx", 3),
        ("stream.invalid", "okx", 7),
    ]
    assert {line["log_level"] for line in lines} == {"warning"}
