from datetime import UTC, datetime, timedelta

from scrapers.feeds import BulkPart, Download, FeedMemory

URL = "https://feed.example/prices"
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
DAY = timedelta(days=1)


def test_an_address_is_recent_for_the_time_its_feed_asks_for():
    memory = FeedMemory({URL: Download(URL, NOW - DAY)})

    assert memory.is_recent(URL, now=NOW - timedelta(seconds=1), within=DAY)
    assert not memory.is_recent(URL, now=NOW, within=DAY)
    assert not memory.is_recent(f"{URL}/2", now=NOW, within=DAY)


def test_parts_of_one_file_are_told_by_what_is_remembered_of_it():
    first = BulkPart("first", f"{URL}?page=1&size=250", NOW, file=URL)
    last = BulkPart("last", f"{URL}?page=1&size=250", NOW, Download(URL, NOW))
    alone = BulkPart("alone", f"{URL}/alone", NOW, unchanged=True)

    assert (first.file_key, last.file_key, alone.file_key) == (URL, URL, f"{URL}/alone")


def test_nothing_is_recent_at_the_simulator():
    memory = FeedMemory({URL: Download(URL, NOW)}, is_patient=False)

    assert not memory.is_recent(URL, now=NOW, within=DAY)
