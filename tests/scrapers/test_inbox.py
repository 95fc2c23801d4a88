import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections

from common.models import AuditEvent, OutboxMessage
from scrapers.inbox import SETTLED_AFTER, import_inbox
from tests.pricing.factories import NOW, current, make_product, observe, record

pytestmark = pytest.mark.django_db
GUIDE = """{"version": 1, "createdAt": "2026-11-20T03:00:00+0100", "priceGuides": [
  {"idProduct": 101, "idCategory": 1, "avg": 1.4, "low": 1.0, "trend": 1.5, "avg1": 1.5, "avg7": 1.5,
   "avg30": 1.5}
]}"""


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    return tmp_path / "inbox"


def drop(inbox: Path, name: str, content: str = GUIDE, *, age: timedelta = timedelta(hours=1)) -> Path:
    """Put a file into the inbox that was last changed `age` before NOW."""
    path = inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    stamp = (NOW - age).timestamp()
    os.utime(path, (stamp, stamp))
    return path


def look(inbox: Path, *kinds: str):
    return import_inbox(folder=inbox, kinds=kinds or ("cardmarket", "tcgcsv", "csv"), now=NOW)


def names(inbox: Path) -> set[str]:
    return {str(path.relative_to(inbox)) for path in inbox.rglob("*") if path.is_file()}


def test_a_price_file_is_imported_and_moved_aside(inbox: Path):
    ring = make_product(ids={"mcm": "101"})
    drop(inbox, "cardmarket/guide.json")

    report = look(inbox)

    assert (report.imported, report.failed) == (["cardmarket/guide.json"], {})
    assert report.prices_stored > 0
    assert str(current(ring)) == "1.50"
    assert names(inbox) == {"done/cardmarket/guide.json"}
    assert AuditEvent.objects.get(verb="inbox.imported").subject == "inbox:cardmarket/guide.json"


def test_new_prices_ask_for_one_analysis(inbox: Path):
    make_product(ids={"mcm": "101"})
    drop(inbox, "cardmarket/guide.json")

    look(inbox)
    look(inbox)

    assert OutboxMessage.objects.filter(task="opportunities.analyze_all_products").count() == 1


def test_the_same_file_again_stores_nothing_and_keeps_both(inbox: Path):
    make_product(ids={"mcm": "101"})
    for _ in range(2):
        drop(inbox, "cardmarket/guide.json")
        report = look(inbox)

    assert report.prices_stored == 0
    assert len(names(inbox)) == 2
    assert all(name.startswith("done/") for name in names(inbox))


@pytest.mark.parametrize("content", ["", "{", "[]", '{"priceGuides": 7}'])
def test_a_file_that_cannot_be_read_is_put_aside_and_stops_no_other(inbox: Path, content: str):
    make_product(ids={"mcm": "101"})
    drop(inbox, "cardmarket/a-broken.json", content)
    drop(inbox, "cardmarket/b-good.json")

    report = look(inbox)

    assert set(report.failed) == {"cardmarket/a-broken.json"}
    assert report.imported == ["cardmarket/b-good.json"]
    assert "failed/cardmarket/a-broken.json" in names(inbox)
    assert AuditEvent.objects.filter(verb="inbox.failed").count() == 1


def test_a_file_still_being_written_waits(inbox: Path):
    drop(inbox, "cardmarket/guide.json", age=SETTLED_AFTER / 2)

    report = look(inbox)

    assert (report.waiting, report.imported) == (1, [])
    assert names(inbox) == {"cardmarket/guide.json"}


def test_hidden_partial_and_linked_files_are_left_alone(inbox: Path, tmp_path: Path):
    outside = tmp_path / "secret.json"
    outside.write_text(GUIDE)
    for name in (".hidden.json", "guide.json.part", "guide.tmp"):
        drop(inbox, f"cardmarket/{name}")
    (inbox / "cardmarket/link.json").symlink_to(outside)

    report = look(inbox)

    assert (report.imported, report.failed, report.waiting) == ([], {}, 0)
    assert outside.exists()


def test_an_inbox_that_does_not_exist_is_empty(inbox: Path):
    assert look(inbox).as_data() == {
        "imported": [],
        "failed": {},
        "waiting": 0,
        "prices_stored": 0,
        "is_busy": False,
    }


def test_catalogue_files_are_imported_on_their_own(inbox: Path):
    fixture = Path(__file__).parents[1] / "catalog/fixtures"
    files = sorted(path for path in fixture.rglob("*.json"))
    drop(inbox, "mtgjson/sets.json", files[0].read_text())
    drop(inbox, "cardmarket/guide.json")

    report = look(inbox, "mtgjson")

    assert report.imported == ["mtgjson/sets.json"]
    assert "cardmarket/guide.json" in names(inbox)
    assert OutboxMessage.objects.filter(task="opportunities.analyze_all_products").exists()


def test_two_processes_do_not_share_an_inbox(inbox: Path):
    drop(inbox, "cardmarket/guide.json")
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtext('scrapers.inbox'))")

        assert look(inbox).is_busy
        assert names(inbox) == {"cardmarket/guide.json"}
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock_all()")
    finally:
        other.close()


def test_old_prices_are_stored_with_their_own_time(inbox: Path):
    ring = make_product(ids={"mcm": "101"})
    record(observe(ring, "2.00"), at=NOW)
    drop(inbox, "cardmarket/guide.json")  # of the night before

    look(inbox)

    assert str(current(ring)) == "2.00"
