"""A desk operator's journey: see a gap, execute it on paper, read the log; be refused when it is gone."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from common.clock import utc_now
from common.live import QUOTES_PREFIX, SYMBOLS_KEY
from common.redis import shared_redis
from tests.trading.spread_factories import Route, make_route
from trading.choices import SpreadState
from trading.models import SpreadExecution
from users.models import User

from .conftest import PASSWORD, OpenPage


@pytest.fixture
def gap(transactional_db: None, settings: Settings) -> Iterator[Route]:
    """Make a gift card that costs 45 at one desk and brings 47 at another."""
    settings.MAX_QUOTE_AGE_MS = 3_600_000
    now = utc_now()
    route = make_route(now=now)
    route.opportunity.expires_at = now + timedelta(hours=1)
    route.opportunity.save()
    yield route
    shared_redis().delete(SYMBOLS_KEY, *shared_redis().scan_iter(match=f"{QUOTES_PREFIX}*"))


@pytest.fixture
def tess(alice: User) -> User:
    alice.role = "trader"
    alice.save()
    return alice


def open_desk(open_page: OpenPage, **how: object) -> Page:
    page = open_page("/app/live", **how)
    page.get_by_label("User name").fill("alice")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", level=1, name="Live desk")).to_be_visible()
    return page


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)])
def test_operator_executes_a_gap_and_reads_both_legs_in_the_log(
    open_page: OpenPage, gap: Route, tess: User, size: tuple[int, int]
) -> None:
    page = open_desk(open_page, size=size)
    page.get_by_role("button", name="Execute").first.click()
    dialog = page.get_by_role("dialog", name="Execute Amazon $50 US")
    expect(dialog.get_by_text("Paper", exact=True)).to_be_visible()
    dialog.get_by_label("Quantity").fill("2")
    confirm = dialog.get_by_role("button", name="Confirm paper execution")
    expect(confirm).to_be_disabled()
    dialog.get_by_role("checkbox").first.check()
    confirm.dblclick()

    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("Settled")
    row = SpreadExecution.objects.get()  # a double click is one order
    assert row.state == SpreadState.SETTLED
    assert (row.quantity, row.realised_profit) == (Decimal(2), Decimal(4))
    page.get_by_role("dialog").get_by_role("button", name="Close").last.click()
    log = page.get_by_role("region", name="Execution log")
    expect(log).to_contain_text("Settled")


def test_gap_that_is_gone_is_refused_with_the_figures_of_now(
    open_page: OpenPage, gap: Route, tess: User
) -> None:
    page = open_desk(open_page)
    page.get_by_role("button", name="Execute").first.click()
    dialog = page.get_by_role("dialog", name="Execute Amazon $50 US")
    dialog.get_by_label("Quantity").fill("1")
    dialog.get_by_role("checkbox").first.check()
    gap.show("beta", now=utc_now(), bid="45.10")

    dialog.get_by_role("button", name="Confirm paper execution").click()

    expect(dialog.get_by_role("alert")).to_contain_text("Refused with the figures of now")
    expect(dialog).to_contain_text("45.10")
    assert not SpreadExecution.objects.exists()


def test_books_page_shows_both_desks_and_their_best_prices(
    open_page: OpenPage, gap: Route, tess: User
) -> None:
    page = open_desk(open_page)
    page.goto("/app/books")
    row = page.get_by_role("listitem").filter(has_text="Amazon $50 US")
    expect(row).to_contain_text("47")
    expect(row).to_contain_text("45")
