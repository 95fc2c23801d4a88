"""What the chaos test's worker loads: a Celery application whose cycle asks the small venue.

`naive` is the negative control: acknowledged before it runs, everything stored at the end, as a task written
without thought would be.
"""

import os
from pathlib import Path
from typing import Any

from celery import Celery, Task
from django.conf import settings

from common.clock import utc_now
from common.outbox import OutboxTask
from jobs.models import Job
from scrapers.selectors import Mode
from scrapers.selectors.targets import source_targets
from scrapers.services.asking import ask_routes
from scrapers.services.cycle import run_cycle
from scrapers.services.desk import Desk, Setup
from scrapers.services.products import open_routes, store_answers
from scrapers.services.routes import ready_routes
from scrapers.tasks import run_slice
from tests.scrapers.venue import API, ENDPOINT, FEED, open_plain, small_source
from tests.scrapers.watching import Recorder

if "SMALL_VENUE_URL" in os.environ:  # in the killed processes only: the tests import this module too
    settings.VENUE_URLS = {**settings.VENUE_URLS, ENDPOINT: os.environ["SMALL_VENUE_URL"]}
    settings.FEED_FOLDER = os.environ.get("FEED_FOLDER", "/tmp")

SOURCE = small_source(FEED, API)
app = Celery("scrapers_chaos", task_cls=OutboxTask, set_as_current=False)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.broker_transport_options = {
    **settings.CELERY_BROKER_TRANSPORT_OPTIONS,
    "global_keyprefix": os.environ.get("CHAOS_PREFIX", ""),
}


@app.task(name="chaos.cycle")
def cycle(*, job_id: str, **_: Any) -> None:
    setup = Setup(mode=Mode.LIVE, sources=(SOURCE,), open_session=open_plain)
    inbox = Path(settings.FEED_FOLDER) / "inbox"
    run_slice(job_id, lambda run: run_cycle(run, inbox=inbox, kinds=(), setup=setup), now=utc_now())


@app.task(name="chaos.naive", base=Task, acks_late=False)
def naive(*, job_id: str) -> None:
    Job.objects.filter(pk=job_id).update(state="running")
    watch = Recorder(utc_now())
    setup = Setup(mode=Mode.LIVE, sources=(SOURCE,), open_session=open_plain)
    with Desk(setup) as desk:
        ready = list(ready_routes(setup, offering="product", watch=watch, now=watch.now))
        routes = open_routes(desk, ready, watch=watch)
        rows = [route.ready.row.pk for route in routes]
        targets = source_targets(SOURCE, now=watch.now, routes=rows)
        answers = [desk.run(ask_routes(target.subject, routes)) for target in targets]
    store_answers(answers, watch=watch)
    Job.objects.filter(pk=job_id).update(state="succeeded")
