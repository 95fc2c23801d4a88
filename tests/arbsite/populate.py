"""A small dataset with rows in every table that staff pages list, each row with its own related rows."""

from datetime import timedelta
from itertools import count
from typing import Any, Final

from axes.models import AccessAttempt
from django.db import transaction
from django_celery_beat.models import IntervalSchedule, PeriodicTask

from catalog.models import Instrument, Product, Venue
from common.audit import record_event
from common.models import AuditVerification, IdempotencyKey
from common.outbox import enqueue
from opportunities.models import (
    AlertChannel,
    AlertDelivery,
    AlertRule,
    Backtest,
    ContentsFinding,
    Notification,
    Opportunity,
    Watch,
)
from pricing.models import DistributorOffer, PriceList, SaleRecord, UnmatchedArticle
from scrapers.models import FeedDownload, LiveMarket, ProductFetch, SourceRoute
from scrapers.services import sync_register
from tests.catalog.factories import BoosterPackFactory, DeckFactory, IdentifierFactory, SealedProductFactory
from tests.jobs.factories import make_job
from tests.opportunities.alert_factories import make_opportunity
from tests.opportunities.factories import analyze, make_deck
from tests.pricing.factories import (
    NOW,
    make_held,
    make_product,
    make_rate,
    make_source,
    make_user,
    observe,
    record,
)
from tests.trading.spread_factories import make_opportunity as make_spread_opportunity
from trading.choices import LedgerAccount
from trading.models import Execution, KillSwitch, LedgerPosting, SpreadExecution
from users.models import ApiKey, SavedView, TokenLogin, User

FEW: Final = 3
MANY: Final = 30
NOT_FILLED: Final = {
    # Kinds of schedule this product uses none of.
    "django_celery_beat.clockedschedule",
    "django_celery_beat.crontabschedule",
    "django_celery_beat.solarschedule",
}
_number = count(1)


def populate(rows: int, *, owner: User | None = None) -> None:
    """Add that many rows to every table; `owner` owns what the API shows to its owner only."""
    sync_register(NOW)
    analyze(make_deck().sealed)  # one with an explanation to show; the others need none
    for _ in range(rows):
        number = next(_number)
        user = make_user(f"user-{number}", is_staff=True)
        for one in {user, owner or user}:
            _personal(one, number)
        sealed = _catalogue(number)
        _prices(sealed, user, number)
        _live(number)
        _work(user, number)
        _found(sealed, user, number)
        _acted_across(user, number)
        _doors(user, number)


def _catalogue(number: int) -> Product:
    card = make_product(f"Card {number}")
    IdentifierFactory(product=card)
    DeckFactory(cards=[(card, 1)])
    BoosterPackFactory(sheets=[("rare", 1, [(card, 1)])])
    sealed: Product = SealedProductFactory(name=f"Box {number}", contents=[(card, 2)])
    sealed.single_mappings.create(single_product=card, quantity=2)
    return sealed


def _prices(sealed: Product, user: User, number: int) -> None:
    source = make_source()
    record(observe(sealed, "60.00"), at=NOW + timedelta(minutes=number))
    make_held(make_product(f"Trap {number}", sealed=True), at=NOW + timedelta(minutes=number))
    make_rate("EUR", "USD", "1.10", at=NOW + timedelta(minutes=number))
    SaleRecord.objects.create(
        product=sealed, source=source, sold_on=NOW.date(), reference=f"day {number}", units=1, recorded_at=NOW
    )
    UnmatchedArticle.objects.create(
        name_space="mcm", external_id=f"u{number}", first_seen_at=NOW, last_seen_at=NOW, suggestion=sealed
    )
    price_list = PriceList.objects.create(
        source=source, file_name=f"list-{number}.csv", content=b"SKU,Name,Cost\n1,Box,10.00\n",
        content_sha256=f"{number:064x}",
        uploaded_by=user, uploaded_at=NOW,
    )  # fmt: skip
    DistributorOffer.objects.create(
        source=source, sku=f"s{number}", name=f"Box {number}", product=sealed, currency="EUR",
        price_list=price_list, recorded_at=NOW,
    )  # fmt: skip


def _live(number: int) -> None:
    venue = Venue.objects.create(
        code=f"desk-{number}", name=f"Desk {number}", kind="giftcard", currency="USD"
    )
    LiveMarket.objects.create(
        code=venue.code,
        venue=venue,
        kind="giftcard",
        adapter="json",
        side="sell",
        currency="USD",
        region="US",
    )
    Instrument.objects.create(
        symbol=f"giftcard:brand-{number}:50:USD:US", kind="giftcard", base=f"brand-{number}", quote="USD",
        denomination=50, region="US",
    )  # fmt: skip


def _work(user: User, number: int) -> None:
    make_job(requested_by=user, label=f"Job {number}")
    route = SourceRoute.objects.get(source="cardmarket", code="guide")
    FeedDownload.objects.create(route=route, url=f"https://example.org/{number}", fetched_at=NOW)
    with transaction.atomic():
        enqueue(task="common.relay_outbox", kwargs={}, queue="default")
        record_event(actor=user, verb="order.filled", subject=f"order:{number}", data={}, now=NOW)
    IdempotencyKey.objects.create(
        actor_id=user.pk, endpoint="POST x", key=f"k{number}", request_hash="", response_status=200
    )
    AuditVerification.objects.create(
        verified_at=NOW, event_count=number, stream_count=1, break_count=0, duration_ms=1, anchor_digest=""
    )
    interval = IntervalSchedule.objects.create(every=number, period="minutes")
    PeriodicTask.objects.create(name=f"Task {number}", task="common.relay_outbox", interval=interval)


def _found(sealed: Product, user: User, number: int) -> None:
    opportunity = make_opportunity(sealed)
    route = SourceRoute.objects.get(source="cardmarket", code="guide")
    ProductFetch.objects.create(route=route, product=sealed, attempted_at=NOW, outcome="no_offer")
    ContentsFinding.objects.create(
        check_code="odd_count", product=sealed, reason=f"Odd {number}", first_seen_at=NOW, last_seen_at=NOW
    )
    Backtest.objects.create(
        requested_by=user, from_day=NOW.date() - timedelta(days=9), to_day=NOW.date(), horizon_days=3,
        algorithm_version="1", created_at=NOW,
    )  # fmt: skip
    _acted_on(opportunity, user, number)
    rule, channel = user.alert_rules.get(), user.channels.get()
    AlertDelivery.objects.create(
        rule=rule, channel=channel, opportunity=opportunity, title=f"Alert {number}", due_at=NOW,
        created_at=NOW, dedupe_key=f"d{number}",
    )  # fmt: skip


def _acted_on(opportunity: Opportunity, user: User, number: int) -> None:
    execution = Execution.objects.create(
        opportunity=opportunity, product=opportunity.sealed_product, buy_source=opportunity.buy_source,
        sell_source=opportunity.sell_source, actor=user, quantity=1, currency="EUR", expected_cost=60,
        expected_proceeds=76, expected_profit=16, expected_margin_percentage=26, confidence_score="0.66",
        risk_level="medium", quote_version="1", created_at=NOW,
    )  # fmt: skip
    posting = LedgerPosting.objects.create(
        execution=execution, key=f"posting-{number}", description="Bought", posted_at=NOW
    )
    for account, amount in zip(LedgerAccount.values[:2], (60, -60), strict=True):
        posting.entries.create(account=account, currency="EUR", amount=amount)
    KillSwitch.objects.create(
        scope="source", subject=f"shut-{number}", reason="rehearsal", engaged_by=user, engaged_at=NOW
    )


def _acted_across(user: User, number: int) -> None:
    """Make an execution of a spread; call it after `_live`, whose instrument it trades."""
    for code in (f"left-{number}", f"right-{number}"):
        Venue.objects.create(code=code, name=code.title(), kind="giftcard", currency="USD")
    instrument = Instrument.objects.get(symbol=f"giftcard:brand-{number}:50:USD:US")
    gap = make_spread_opportunity(
        instrument, f"left-{number}", f"right-{number}", ask="45", bid="47", now=NOW
    )
    gap.episodes.create(opened_at=NOW, peak_net_bps=444, peak_net_profit=2)
    execution = SpreadExecution.objects.create(
        opportunity=gap, actor=user, quantity=1, currency="USD", expected_cost=45, expected_proceeds=47,
        expected_profit=2, expected_net_bps=444, created_at=NOW,
    )  # fmt: skip
    leg = execution.legs.create(
        position=0, side="buy", venue=gap.buy_venue, client_order_id=f"{execution.pk}:0", quantity=1,
        limit_price=45, created_at=NOW,
    )  # fmt: skip
    leg.fills.create(venue_fill_id="1", quantity=1, price=45, filled_at=NOW)
    posting = LedgerPosting.objects.create(
        spread_execution=execution, key=f"leg-{number}", description="Bought", posted_at=NOW
    )
    for account, amount in zip(LedgerAccount.values[:2], (45, -45), strict=True):
        posting.entries.create(account=account, currency="USD", amount=amount)


def _personal(user: User, number: int) -> None:
    facts: dict[str, Any] = {"created_at": NOW, "updated_at": NOW}
    channel = AlertChannel.objects.create(
        user=user, name=f"Channel {number}", url="x", url_hint="json://…", created_at=NOW
    )
    rule = AlertRule.objects.create(user=user, name=f"Rule {number}", **facts)
    rule.channels.add(channel)
    SavedView.objects.create(user=user, page="opportunities", name=f"View {number}", **facts)
    Notification.objects.create(
        user=user, kind="job", title=f"Note {number}", dedupe_key=f"{user.pk}:{number}", created_at=NOW
    )
    Watch.objects.create(user=user, product=make_product(f"Watched {number}", sealed=True), created_at=NOW)


def _doors(user: User, number: int) -> None:
    ApiKey.objects.create(
        user=user, name=f"Key {number}", prefix=f"p{number}", digest=f"{number:064x}", scopes=["read"],
        created_at=NOW,
    )  # fmt: skip
    TokenLogin.objects.create(
        user=user, current_jti=f"j{number}", rotated_at=NOW, created_at=NOW, expires_at=NOW
    )
    AccessAttempt.objects.create(username=f"user-{number}", ip_address="127.0.0.1", failures_since_start=1)
