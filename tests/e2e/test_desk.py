"""A trader's journey: find, inspect, calculate, execute on paper, and see it in executions and the audit."""

import re

import pytest
from playwright.sync_api import Page, expect

from catalog.models import Product
from opportunities.models import Notification, Opportunity
from tests.opportunities.factories import analyze
from trading.choices import LimitPeriod, LimitScope
from trading.models import Execution, ExposureLimit
from users.models import User

from .conftest import PASSWORD, OpenPage


@pytest.fixture
def tom(alice: User) -> User:
    alice.role = "trader"
    alice.save()
    for period in LimitPeriod.values:  # a flushed database lost its seeded limits
        ExposureLimit.objects.get_or_create(
            scope=LimitScope.GLOBAL, subject="", period=period, currency="EUR", defaults={"amount": 20_000}
        )
    return alice


def log_in(page: Page) -> None:
    page.get_by_label("User name").fill("alice")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()


def test_trader_finds_inspects_calculates_executes_and_finds_the_record(
    open_page: OpenPage, market: Product, tom: User
) -> None:
    row = Opportunity.objects.get(sealed_product=market)
    page = open_page("/app/opportunities?search=dragon")
    log_in(page)
    expect(page.get_by_text("1 match", exact=True)).to_be_visible()

    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("complementary", name="Inspector: Dragon Deck")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Dragon Deck")).to_be_visible()

    page.get_by_role("navigation", name="Parts of the opportunity").get_by_text("Calculator").click()
    expect(page).to_have_url(re.compile("calculator"))
    page.get_by_label("Quantity").fill("2")
    expect(page.get_by_text(re.compile(r"per product|for 2|2 products", re.IGNORECASE)).first).to_be_visible()

    page.get_by_role("button", name="Execute", exact=False).first.click()
    dialog = page.get_by_role("dialog", name="Execute Dragon Deck")
    expect(dialog.get_by_text("Paper", exact=True)).to_be_visible()
    confirm = dialog.get_by_role("button", name="Confirm paper execution")
    expect(confirm).to_be_disabled()
    dialog.get_by_role("checkbox").first.check()
    confirm.dblclick()
    done = page.get_by_role("dialog", name="Executed")
    expect(done.get_by_text("Bought 1 × Dragon Deck on paper")).to_be_visible()
    assert Execution.objects.filter(opportunity=row).count() == 1

    done.get_by_role("link", name="See the execution").click()
    expect(page).to_have_url(re.compile(r"/app/executions/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Dragon Deck")
    page.get_by_role("navigation", name="Parts of the execution").get_by_text("Ledger").click()
    expect(page.get_by_text("Inventory", exact=False).first).to_be_visible()

    page.goto("/app/executions")
    expect(page.get_by_text("Dragon Deck").first).to_be_visible()
    page.goto("/app/audit?verb=execution")
    expect(page.get_by_text("execution.", exact=False).first).to_be_visible()


def test_figures_that_moved_stop_an_execution_and_say_so(
    open_page: OpenPage, market: Product, tom: User
) -> None:
    from common.clock import utc_now
    from tests.pricing.factories import observe, record

    row = Opportunity.objects.get(sealed_product=market)
    page = open_page(f"/app/opportunities/{row.id}")
    log_in(page)
    page.get_by_role("button", name="Execute", exact=False).first.click()
    dialog = page.get_by_role("dialog", name="Execute Dragon Deck")
    dialog.get_by_role("checkbox").first.check()
    record(observe(market, "68.00"), at=utc_now())

    dialog.get_by_role("button", name="Confirm paper execution").click()

    expect(dialog.get_by_role("alert")).to_contain_text("Refused with the figures of now")
    assert not Execution.objects.exists()


def test_an_alert_rule_made_in_the_browser_rings_the_bell(
    open_page: OpenPage, market: Product, alice: User
) -> None:
    from common.clock import utc_now
    from opportunities.services import expire_opportunity
    from opportunities.services.alerts_firing import evaluate_rules

    page = open_page("/app/alerts")
    log_in(page)
    page.get_by_role("button", name="New rule").first.click()
    editor = page.get_by_role("dialog", name="New alert rule")
    editor.get_by_label("Name").fill("Anything worth it")
    editor.get_by_label(re.compile("Value|value")).first.fill("1")
    editor.get_by_role("button", name="Save the rule").click()
    expect(page.get_by_text("Anything worth it").first).to_be_visible()

    row = Opportunity.objects.get(sealed_product=market)
    expire_opportunity(opportunity_id=row.id, reason="sold out", actor=None, now=utc_now())
    analyze(now=utc_now())
    evaluate_rules(now=utc_now())

    assert Notification.objects.filter(user=alice).exists()
    page.reload()
    page.get_by_role("button", name=re.compile("Notifications|unread", re.IGNORECASE)).first.click()
    expect(page.get_by_text("Dragon Deck").first).to_be_visible()
