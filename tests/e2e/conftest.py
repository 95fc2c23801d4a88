"""A real browser on the built dashboard, served by Django, with a small market behind it."""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from catalog.models import Product, Venue
from common.clock import utc_now
from pricing.models import FeeSchedule
from tests.opportunities.factories import analyze, found, make_deck, put_inside
from tests.pricing.factories import make_product, make_source, make_user, observe, record, record_series
from users.models import User

PASSWORD = "correct horse battery"
PATIENCE_MS = 15_000  # an upper bound for a busy machine, never waited for in full
OpenPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here as end to end, with a database that the server's thread can see."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser; a machine without one skips these tests and says so."""
    names = ("chromium", "chromium-browser", "google-chrome")
    found_at = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if found_at is None:
        pytest.skip("no Chromium on this machine (apt install chromium, or set CHROMIUM)")
    return found_at


@pytest.fixture(scope="session")
def build() -> None:
    """Require the front end's production build."""
    if not (django_settings.FRONTEND_DIST / "manifest.json").exists():
        pytest.skip("the front end is not built (make setup)")


@pytest.fixture(scope="module")
def browser(chromium: str, build: None) -> Iterator[Browser]:
    """Run one browser per module. Playwright's event loop stays in this thread, hence Django's permission."""
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield running
        running.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_page(browser: Browser, live_server: LiveServer) -> Iterator[OpenPage]:
    """Return a function that opens a path in a context of its own. Errors on its console fail the test."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # 421: the test server speaks WSGI and serves no event stream, the dashboard polls instead;
        # 409: a refusal a test asked for
        expected = ("401 (Unauthorized)", "421 (Misdirected Request)", "409 (Conflict)")
        if message.type in {"error", "warning"} and not any(text in message.text for text in expected):
            problems.append(message.text)

    def open_(path: str, *, size: tuple[int, int] = (1280, 800), theme: str = "dark") -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def alice(transactional_db: None) -> User:
    """Return an analyst who can log in."""
    alice = make_user("alice")
    alice.set_password(PASSWORD)
    alice.save()
    return alice


@pytest.fixture
def public(settings: Settings) -> None:
    """Let visitors read, as the embedded run does."""
    settings.API_PUBLIC_READ = True


def _make_fees(now: datetime) -> None:
    """State Cardmarket's fee where the seeded schedule is missing."""
    make_source()
    FeeSchedule.objects.get_or_create(
        venue=Venue.objects.get(code="cardmarket"),
        programme="standard",
        category="",
        version=1,
        defaults={
            "currency": "EUR",
            "valid_from": now.date() - timedelta(days=400),
            "components": [{"name": "commission", "kind": "rate", "base": "item", "rate": "0.05"}],
        },
    )


@pytest.fixture
def market(transactional_db: None) -> Product:
    """Make a deck with certain and random cards and a month of prices, and a box; return the deck."""
    now = utc_now()
    _make_fees(now)
    deck = make_deck(at=now, seller_count=4)
    lucky = make_product("Lucky Pull")
    put_inside(deck.sealed, lucky, 4, probability="0.25", slot="lucky")
    record_series(deck.sealed, [str(Decimal(58 + day % 3)) for day in range(6)], until=now)
    record(observe(lucky, "12.00"), at=now)
    box = make_product("Quiet Box", sealed=True)
    put_inside(box, deck.chase, 3)
    record(observe(box, "100.00"), at=now)
    analyze(now=now)
    assert found(deck).status == "active"
    return deck.sealed
