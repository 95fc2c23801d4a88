"""The register follows the registry and keeps what staff decided."""

from dataclasses import replace
from datetime import timedelta

import pytest

from catalog.models import Venue
from common.clock import utc_now
from common.models import AuditEvent
from pricing.models import PriceSource
from scrapers.models import SourceRoute
from scrapers.registry import RESEARCHED_ON, SOURCES
from scrapers.services import (
    acknowledge_route,
    review_route,
    switch_route,
    sync_register,
    withdraw_acknowledgement,
)
from tests.pricing.factories import make_user
from tests.scrapers.venue import API, FEED, small_source
from users.choices import Role

pytestmark = pytest.mark.django_db
NOW = utc_now()


def test_every_route_and_price_source_of_the_registry_is_there_after_migrating():
    routes = {(source.code, route.code) for source in SOURCES for route in source.routes}
    prices = {price.code: price.is_reference for source in SOURCES for price in source.prices}

    assert set(SourceRoute.objects.values_list("source", "code")) == routes
    assert dict(PriceSource.objects.values_list("code", "is_reference")).items() >= prices.items()
    assert Venue.objects.get(code="ebay").name == "eBay"


def test_doing_it_again_changes_nothing():
    before = list(SourceRoute.objects.order_by("id").values()), AuditEvent.objects.count()

    report = sync_register(NOW)

    assert (report.created, report.updated, report.retired) == (0, 0, 0)
    assert (list(SourceRoute.objects.order_by("id").values()), AuditEvent.objects.count()) == before


def test_what_staff_decided_is_kept():
    bob = make_user("bob", Role.OPERATOR)
    row = SourceRoute.objects.get(source="ebay", code="sold")
    acknowledge_route(row, actor=bob, now=NOW)
    review_route(row, reviewed_on=NOW.date(), allowed_use="With permission of 2026.", actor=bob, now=NOW)
    switch_route(row, is_enabled=False, actor=bob, now=NOW)
    SourceRoute.objects.filter(pk=row.pk).update(min_delay_seconds=9)

    sync_register(NOW)

    row.refresh_from_db()
    assert (row.acknowledged_by, row.reviewed_by, row.is_enabled) == (bob, bob, False)
    assert (row.allowed_use, row.min_delay_seconds) == ("With permission of 2026.", 9)


def test_what_the_registry_says_otherwise_follows():
    sync_register(NOW, sources=(*SOURCES, small_source(FEED, API)))
    moved = small_source(replace(API, terms_url="https://venue.example/new"), FEED)

    report = sync_register(NOW, sources=(*SOURCES, moved))

    assert report.updated == 2
    row = SourceRoute.objects.get(source="small", code="api")
    assert (row.position, row.terms_url, row.reviewed_on) == (0, "https://venue.example/new", RESEARCHED_ON)
    assert AuditEvent.objects.filter(verb="register.synchronised").exists()


def test_a_route_that_left_the_registry_is_switched_off_and_kept():
    sync_register(NOW, sources=(*SOURCES, small_source(FEED, API)))

    report = sync_register(NOW, sources=(*SOURCES, small_source(FEED)))

    assert report.retired == 1
    assert not SourceRoute.objects.get(source="small", code="api").is_enabled


def test_decisions_are_audited_once():
    bob = make_user("bob", Role.OPERATOR)
    row = SourceRoute.objects.get(source="ebay", code="sold")
    for _ in range(2):
        acknowledge_route(row, actor=bob, now=NOW)
    for _ in range(2):
        withdraw_acknowledgement(row, actor=bob, now=NOW)

    verbs = AuditEvent.objects.filter(subject=f"source_route:{row.pk}").values_list("verb", flat=True)
    assert sorted(verbs) == ["source_route.acknowledged", "source_route.acknowledgement_withdrawn"]


@pytest.mark.parametrize(
    ("days", "allowed_use", "code"),
    [(1, "Yes.", "review_in_future"), (-10_000, "Yes.", "review_older"), (0, " ", "review_without_finding")],
)
def test_impossible_reviews_are_refused(days, allowed_use, code):
    from common.errors import InvalidInput

    row = SourceRoute.objects.get(source="cardmarket", code="guide")
    day = NOW.date() + timedelta(days=days)
    if days == 0:
        SourceRoute.objects.filter(pk=row.pk).update(reviewed_on=day)

    with pytest.raises(InvalidInput) as refused:
        review_route(row, reviewed_on=day, allowed_use=allowed_use, actor=make_user("bob"), now=NOW)
    assert refused.value.code == code
