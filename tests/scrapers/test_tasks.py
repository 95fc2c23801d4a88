"""The tasks: what the schedule calls, what the outbox calls, and what runs twice changes nothing."""

from pathlib import Path
from uuid import UUID

import pytest

from arbsite.celery import app
from arbsite.settings.celery import VISIBILITY_TIMEOUT_SECONDS
from catalog.models import Product
from common.models import OutboxMessage
from jobs.choices import JobState
from jobs.models import Job
from jobs.services import SLICE_SECONDS
from scrapers import tasks
from scrapers.models import SourceRoute
from scrapers.services.feeds import OVERTIME_SECONDS
from tests.pricing.factories import current, make_product
from tests.scrapers.test_inbox import drop

pytestmark = pytest.mark.django_db
NAMES = {
    "scrapers.update_product_prices",
    "scrapers.update_all_prices",
    "scrapers.scrape_new_products",
    "scrapers.sync_market_data",
}


@pytest.fixture(autouse=True)
def inbox(tmp_path: Path, settings) -> Path:
    """Files come from here; no route may start, so that nothing leaves the machine."""
    settings.BULK_PRICE_INBOX = str(tmp_path / "inbox")
    settings.FEED_FOLDER = str(tmp_path / "feeds")
    SourceRoute.objects.update(is_enabled=False)
    return tmp_path / "inbox"


def _do(task, **arguments) -> Job:
    """Call a task as the schedule does, then as the outbox does."""
    job_id = task(**arguments)["job_id"]
    assert OutboxMessage.objects.filter(task=task.name, kwargs={"job_id": job_id}).exists()
    task(job_id=job_id, future_argument=1)
    return Job.objects.get(pk=job_id)


def test_the_requirements_tasks_are_registered_with_queue_and_limits():
    app.loader.import_default_modules()

    assert set(app.tasks) >= NAMES
    for name in NAMES:
        task = app.tasks[name]
        assert app.amqp.router.route({}, name)["queue"].name == "scraping"
        assert task.soft_time_limit is not None
        assert task.time_limit is not None
        # longer than a slice; over before an unacknowledged message is delivered again
        assert SLICE_SECONDS < task.soft_time_limit < task.time_limit < VISIBILITY_TIMEOUT_SECONDS
        # the last part a slice waits for can still be stored
        assert task.soft_time_limit >= SLICE_SECONDS + OVERTIME_SECONDS + 90


@pytest.mark.parametrize("name", sorted(NAMES - {"scrapers.update_product_prices"}))
def test_the_schedule_joins_a_job_that_is_still_open(name):
    task = app.tasks[name]

    assert task() == task()
    assert Job.objects.filter(kind=name).count() == 1


def test_updating_all_prices_twice_stores_them_once(inbox: Path):
    ring = make_product(ids={"mcm": "101"})
    drop(inbox, "cardmarket/guide.json")

    first, second = _do(tasks.update_all_prices), _do(tasks.update_all_prices)

    assert [job.counts.get("files_imported", 0) for job in (first, second)] == [1, 0]
    assert [job.state for job in (first, second)] == [JobState.SUCCEEDED, JobState.SUCCEEDED]
    assert {entry["code"] for entry in first.errors} == {"switched_off"}
    assert str(current(ring)) == "1.50"


def test_a_message_that_comes_again_after_the_end_does_nothing(inbox: Path):
    job = _do(tasks.update_all_prices)
    drop(inbox, "cardmarket/guide.json")

    assert tasks.update_all_prices(job_id=str(job.pk))["state"] == "ended"
    assert (inbox / "cardmarket/guide.json").exists()


def test_a_cycle_beside_the_demo_market_reads_the_inbox_and_asks_no_venue(inbox: Path, settings):
    settings.VENUE_SIMULATOR_URL = ""
    make_product(ids={"mcm": "101"})
    Product.objects.update(is_demo=True)
    drop(inbox, "cardmarket/guide.json")

    job = _do(tasks.update_all_prices)

    assert (job.state, job.is_demo, job.counts["files_imported"]) == (JobState.PARTLY, True, 1)
    assert [entry["code"] for entry in job.errors] == ["demo_market_present"]


def test_loading_market_data_beside_the_demo_market_fails_with_the_reason(settings):
    settings.VENUE_SIMULATOR_URL = ""
    make_product()
    Product.objects.update(is_demo=True)

    job = _do(tasks.sync_market_data)

    assert (job.state, [entry["code"] for entry in job.errors]) == (JobState.FAILED, ["demo_market_present"])


def test_refreshing_a_product_no_source_answers_for_says_so():
    ring = make_product(ids={"mcm": "101"})

    job = _do(tasks.update_product_prices, product_id=str(ring.pk))

    assert (job.state, job.subject) == (JobState.PARTLY, f"product:{ring.pk}")
    assert "no_source_answered" in {entry["code"] for entry in job.errors}


def test_refreshing_a_product_that_is_gone_fails():
    ring = make_product()
    job_id = tasks.update_product_prices(product_id=str(ring.pk))["job_id"]
    ring.delete()

    tasks.update_product_prices(job_id=job_id)

    assert Job.objects.get(pk=job_id).state == JobState.FAILED


def test_looking_for_new_products_puts_a_broken_file_aside_once(inbox: Path):
    drop(inbox, "mtgjson/broken.json", "{")

    first, second = _do(tasks.scrape_new_products), _do(tasks.scrape_new_products)

    assert [job.error_count for job in (first, second)] == [1, 0]
    assert not (inbox / "mtgjson/broken.json").exists()


def test_an_id_that_is_none_is_an_error():
    with pytest.raises(ValueError, match="badly formed"):
        tasks.update_product_prices(product_id="nonsense")
    with pytest.raises(Product.DoesNotExist):
        tasks.update_product_prices(product_id=str(UUID(int=0)))
