from datetime import UTC, datetime, timedelta

from scrapers.feeds import Download, FeedMemory

URL = "https://feed.example/prices"
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def test_an_address_is_recent_for_the_time_its_feed_asks_for():
    memory = FeedMemory({URL: Download(URL, NOW - DAY)})

    assert memory.is_recent(URL, now=NOW - timedelta(seconds=1), within=DAY)
    assert not memory.is_recent(URL, now=NOW, within=DAY)
    assert not memory.is_recent(f"{URL}/2", now=NOW, within=DAY)


def test_nothing_is_recent_at_the_simulator():
    memory = FeedMemory({URL: Download(URL, NOW)}, is_patient=False)

    assert not memory.is_recent(URL, now=NOW, within=DAY)
