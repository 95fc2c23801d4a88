"""Declaring live gift-card markets: by environment at each start, by staff in between. All is audited."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.conf import settings
from django.db import connection, transaction

from catalog.choices import InstrumentKind, VenueKind
from catalog.models import Venue
from common.audit import record_event
from common.errors import DomainError, InvalidInput
from common.secrets import Secret, SecretError, encrypt
from scrapers.choices import MarketOrigin
from scrapers.giftcards.environment import MarketsMisdeclared, read_environment
from scrapers.giftcards.mock import MOCK_MARKETS
from scrapers.giftcards.rules import MarketFacts, market_problems
from scrapers.http.redaction import safe_url
from scrapers.models import LiveMarket
from scrapers.selectors.live_markets import (
    OTHER_HOST,
    market_token,
    takes_token_elsewhere,
    token_context,
)
from users.models import User

FIELDS: Final = (
    "adapter", "side", "url", "order_url", "token_header", "poll_ms", "timeout_ms", "fee_bps",
    "slippage_bps", "fixed_fee", "currency", "region", "brands", "network", "items_path", "field_map",
)  # fmt: skip
"""What `MarketFacts` and `LiveMarket` have in common, besides code, name and token."""


class MarketRefused(InvalidInput):
    """A live market cannot be declared like this; `details` names the fields."""

    default_code = "live_market_refused"


class MarketNotYours(DomainError):
    """The environment declares this market; it is changed there."""

    default_code = "live_market_declared_elsewhere"


@dataclass(slots=True)
class SyncReport:
    """What reading the environment changed, by code of the market."""

    declared: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    disabled: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


def sync_environment_markets(environ: Mapping[str, str], *, now: datetime) -> SyncReport:
    """Bring the rows of origin `environment` in line with the environment, and with ENABLE_MOCK_MARKETS.

    A market that is not declared any more is switched off, not deleted: its history names it. Rows of staff
    and of the demo are left alone.

    Args:
        environ: all variables.
        now: the current time.

    Raises:
        MarketsMisdeclared: for any mistake, with the name of each variable; nothing is changed then.
    """
    wanted = read_environment(environ)
    if settings.ENABLE_MOCK_MARKETS:
        _refuse_invented({facts.code for facts in wanted} & {market.code for market in MOCK_MARKETS})
        wanted += [_invented(market) for market in MOCK_MARKETS]
    report = SyncReport()
    with transaction.atomic():
        with connection.cursor() as cursor:  # rows that are not there yet cannot be locked
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('scrapers.sync_markets'))")
        rows = {row.code: row for row in LiveMarket.objects.select_for_update().select_related("venue")}
        _refuse_taken(wanted, rows)
        for facts in wanted:
            row = rows.get(facts.code)
            outcome = _kept(row, facts, origin=MarketOrigin.ENVIRONMENT, actor=None, now=now)
            {"declared": report.declared, "changed": report.changed}.get(outcome, report.unchanged).append(
                facts.code
            )
        names = {facts.code for facts in wanted}
        for row in rows.values():
            if row.origin == MarketOrigin.ENVIRONMENT and row.is_enabled and row.code not in names:
                LiveMarket.objects.filter(pk=row.pk).update(is_enabled=False, updated_at=now)
                _record(row, "live_market.disabled", {"reason": "not declared any more"}, actor=None, now=now)
                report.disabled.append(row.code)
    return report


def _invented(market: Any) -> MarketFacts:
    return MarketFacts(
        code=market.code,
        name=f"{market.code.replace('_', ' ').title()} (invented)",
        adapter=market.adapter,
        side=market.side,
        fee_bps=market.fee_bps,
        slippage_bps=market.slippage_bps,
        poll_ms=1_000,
        network="none",
    )


def _refuse_invented(codes: Iterable[str]) -> None:
    problems = [
        f"MKT_{code.upper()}_*: ENABLE_MOCK_MARKETS invents a market {code!r}; choose another name"
        for code in sorted(codes)
    ]
    if problems:
        raise MarketsMisdeclared(detail="; ".join(problems) + ".", details={"problems": problems})


def _refuse_taken(wanted: Sequence[MarketFacts], rows: Mapping[str, LiveMarket]) -> None:
    problems = []
    codes = {facts.code for facts in wanted}
    venues = {venue.code: venue for venue in Venue.objects.filter(code__in=codes)}
    for facts in wanted:
        row, venue = rows.get(facts.code), venues.get(facts.code)
        if row is not None and row.origin != MarketOrigin.ENVIRONMENT:
            problems.append(f"MKT_{facts.code.upper()}_*: {row.get_origin_display()} declared a market "
                            f"{facts.code!r} already; choose another name")  # fmt: skip
        elif row is None and venue is not None and venue.kind != VenueKind.GIFT_CARD_DESK:
            problems.append(
                f"MKT_{facts.code.upper()}_*: there is a venue {facts.code!r} of another kind; "
                "choose another name"
            )
    if problems:
        raise MarketsMisdeclared(detail="; ".join(problems) + ".", details={"problems": problems})


def save_market(
    row: LiveMarket | None,
    facts: MarketFacts,
    *,
    is_enabled: bool,
    keep_token: bool,
    actor: User,
    now: datetime,
) -> LiveMarket:
    """Declare a market, or change one, on behalf of staff.

    Args:
        row: the market to change; None for a new one.
        facts: all of it; the code of an existing one cannot change.
        is_enabled: whether it is asked.
        keep_token: leave the stored token as it is, whatever `facts` says.
        actor: who does it.
        now: the current time.

    Raises:
        MarketRefused: if the facts cannot be, or the code is taken.
        MarketNotYours: if the environment declares the market.
    """
    problems = market_problems(facts)
    if problems:
        raise MarketRefused(
            detail="; ".join(f"{problem.field}: {problem.text.rstrip('.')}" for problem in problems) + ".",
            details={problem.field: problem.text for problem in problems},
        )
    with transaction.atomic():
        if row is not None:
            row = LiveMarket.objects.select_for_update().select_related("venue").get(pk=row.pk)
            if row.origin == MarketOrigin.ENVIRONMENT:
                raise MarketNotYours(detail=f"The environment declares {row.code}: change MKT_… there.")
            if keep_token and takes_token_elsewhere(row, facts):
                raise MarketRefused(detail=f"new_token: {OTHER_HOST}.", details={"new_token": OTHER_HOST})
        elif Venue.objects.filter(code=facts.code).exists():
            raise MarketRefused(
                detail=f"There is a venue {facts.code!r} already.", details={"code": "is taken"}
            )
        origin = MarketOrigin.STAFF if row is None else MarketOrigin(row.origin)
        _kept(row, facts, origin=origin, actor=actor, now=now, is_enabled=is_enabled, keep_token=keep_token)
        return LiveMarket.objects.select_related("venue").get(code=facts.code)


def switch_market(row: LiveMarket, *, is_enabled: bool, actor: User, now: datetime) -> bool:
    """Switch a market on or off; return whether that changed anything.

    Raises:
        MarketNotYours: if the environment declares the market.
    """
    with transaction.atomic():
        found = LiveMarket.objects.select_for_update().get(pk=row.pk)
        if found.origin == MarketOrigin.ENVIRONMENT:
            raise MarketNotYours(detail=f"The environment declares {found.code}: remove MKT_… there.")
        if found.is_enabled == is_enabled:
            return False
        LiveMarket.objects.filter(pk=row.pk).update(is_enabled=is_enabled, updated_at=now)
        verb = "live_market.enabled" if is_enabled else "live_market.disabled"
        _record(found, verb, {"reason": "staff"}, actor=actor, now=now)
    return True


def store_token(row: LiveMarket, token: Secret) -> None:
    """Put a token into a stored row, encrypted; an empty one removes it. The caller saves and audits."""
    text = token.reveal()
    row.token = encrypt(token, context=token_context(row.pk)) if text else ""


def _kept(  # noqa: PLR0913 - one place writes a market, for the environment as for staff
    row: LiveMarket | None,
    facts: MarketFacts,
    *,
    origin: MarketOrigin,
    actor: User | None,
    now: datetime,
    is_enabled: bool = True,
    keep_token: bool = False,
) -> str:
    """Write a market; return `declared`, `changed` or an empty text if nothing changed."""
    if row is None:
        return _declared(facts, origin=origin, actor=actor, now=now, is_enabled=is_enabled)
    changed = [name for name in FIELDS if _value(facts, name) != getattr(row, name)]
    for name in changed:
        setattr(row, name, _value(facts, name))
    if row.is_enabled != is_enabled:
        row.is_enabled = is_enabled
        changed.append("is_enabled")
    if not keep_token and _token_differs(row, facts.token):
        store_token(row, facts.token)
        changed.append("token")
    if not changed:
        return ""
    row.save()
    if {"region", "currency"} & set(changed):
        Venue.objects.filter(pk=row.venue_id).update(region=row.region[:2], currency=row.currency)
    _record(row, "live_market.changed", _told(row, changed), actor=actor, now=now)
    return "changed"


def _declared(
    facts: MarketFacts, *, origin: MarketOrigin, actor: User | None, now: datetime, is_enabled: bool
) -> str:
    venue, _ = Venue.objects.get_or_create(
        code=facts.code,
        defaults={
            "name": facts.name[:100] or facts.code,
            "kind": VenueKind.GIFT_CARD_DESK,
            "region": facts.region[:2],
            "currency": facts.currency,
        },
    )
    row = LiveMarket(code=facts.code, venue=venue, kind=InstrumentKind.GIFT_CARD, origin=origin)
    row.is_enabled = is_enabled
    for name in FIELDS:
        setattr(row, name, _value(facts, name))
    row.save(force_insert=True)
    store_token(row, facts.token)
    row.save(update_fields=["token"])
    told = _told(row, [*FIELDS, "is_enabled"])
    _record(row, "live_market.declared", {**told, "origin": origin.value}, actor=actor, now=now)
    return "declared"


def _value(facts: MarketFacts, name: str) -> Any:
    value = getattr(facts, name)
    if name == "brands":
        return list(value)
    return dict(value) if name == "field_map" else value


def _token_differs(row: LiveMarket, token: Secret) -> bool:
    try:
        return market_token(row) != token
    except SecretError:  # whatever it was, it is of no use any more
        return True


def _told(row: LiveMarket, names: Iterable[str]) -> dict[str, Any]:
    """Return the fields for the audit trail; of a token only that there is one."""
    told: dict[str, Any] = {}
    for name in names:
        value = getattr(row, name)
        if name == "token":
            value = bool(value)
        elif name in ("url", "order_url"):
            value = safe_url(value)
        told[name] = f"{value:f}" if isinstance(value, Decimal) else value
    return told


def _record(
    row: LiveMarket, verb: str, data: Mapping[str, Any], *, actor: User | None, now: datetime
) -> None:
    subject = f"live_market:{row.code}"
    record_event(actor=actor, verb=verb, subject=subject, data=dict(data), now=now)
