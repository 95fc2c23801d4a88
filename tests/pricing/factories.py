"""Products, sources and prices for tests. Prices enter through `record_prices`, as they do in the product."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

from catalog.choices import Category, ProductType
from catalog.models import Product, ProductIdentifier, Venue
from pricing.choices import PriceType, QuarantineReason, Route
from pricing.models import CurrentPrice, FxRate, PriceBatch, PriceRecord, PriceSource, QuarantinedPrice
from pricing.observations import BatchFacts, Observation
from pricing.services import record_prices
from users.choices import Role
from users.models import User

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
_number = count(1)


def make_source(code: str = "cardmarket") -> PriceSource:
    """Return a seeded source, or make one like it where the seed is missing."""
    terms = {
        "cardmarket": ("EUR", "mcm", PriceType.TREND),
        "tcgplayer": ("USD", "tcgplayer", PriceType.MARKET),
        "cardkingdom": ("USD", "ck", PriceType.RETAIL),
    }
    currency, identifier_source, market = terms.get(code, ("EUR", "mcm", PriceType.MARKET))
    venue, _ = Venue.objects.get_or_create(code=code, defaults={"name": code.title(), "currency": currency})
    source, _ = PriceSource.objects.get_or_create(
        code=code,
        defaults={
            "venue": venue,
            "currency": currency,
            "identifier_source": identifier_source,
            "market_price_type": market,
        },
    )
    return source


def make_product(
    name: str = "Sol Ring",
    *,
    sealed: bool = False,
    finishes: Iterable[str] = ("nonfoil", "foil"),
    ids: Mapping[str, str] | None = None,
) -> Product:
    """Make a product; `ids` maps a name space, or `name space/finish`, to an external id."""
    product = Product.objects.create(
        name=name,
        product_type=ProductType.SEALED if sealed else ProductType.SINGLE,
        category=Category.MTG,
        set_code="TST",
        finishes=[] if sealed else list(finishes),
        number="" if sealed else str(next(_number)),
    )
    for key, external_id in (ids or {}).items():
        source, _, finish = key.partition("/")
        ProductIdentifier.objects.create(
            product=product, source=source, external_id=external_id, finish=finish
        )
    product.refresh_from_db()
    return product


def observe(
    article: Product | str, price: str | Decimal, price_type: str = "trend", **values: object
) -> Observation:
    """Make an observation of a product, or of an external id."""
    named = {"external_id": article} if isinstance(article, str) else {"product_key": article.key}
    facts = {"currency": "EUR", **named, **values}
    return Observation(price=Decimal(price), price_type=price_type, **facts)  # type: ignore[arg-type]


def record(
    *observations: Observation,
    at: datetime = NOW,
    now: datetime | None = None,
    source: str = "cardmarket",
    route: Route = Route.FILE,
    quality: str = "1.00",
) -> PriceBatch:
    """Record observations of one source, observed and recorded at `at` unless `now` says otherwise."""
    return record_prices(
        source=make_source(source),
        observations=observations,
        batch=BatchFacts(
            recorded_at=at, source_url="guide.json", route=route, data_source_quality=Decimal(quality)
        ),
        now=now or at,
    )


def record_series(
    product: Product, prices: Iterable[str], *, until: datetime = NOW, price_type: str = "trend"
) -> None:
    """Record one price a day, the last of them a day before `until`."""
    days = list(prices)
    for age, price in zip(range(len(days), 0, -1), days, strict=True):
        record(observe(product, price, price_type), at=until - timedelta(days=age))


def current(product: Product, price_type: str = "trend", finish: str = "nonfoil") -> Decimal | None:
    """Return the current price of a product, if it has one."""
    rows = CurrentPrice.objects.filter(
        product=product, variant__price_type=price_type, variant__finish=finish
    )
    return rows.values_list("price", flat=True).first()


def history(product: Product) -> list[Decimal]:
    """Return all stored prices of a product, oldest first, then by size."""
    rows = PriceRecord.objects.filter(product=product).order_by("recorded_at", "price")
    return list(rows.values_list("price", flat=True))


def held(product: Product) -> dict[str, set[str]]:
    """Return price type -> reasons of the quarantined prices of a product."""
    rows = QuarantinedPrice.objects.filter(product=product).select_related("variant")
    return {row.variant.price_type: set(row.reasons) for row in rows}


def make_held(product: Product | None = None, *, price: str = "900", at: datetime = NOW) -> QuarantinedPrice:
    """Make a held price: a sealed product whose trend is far from its average."""
    product = product or make_product("Theme Deck", sealed=True)
    record(observe(product, price), observe(product, "20", "avg"), observe(product, "19", "low"), at=at)
    found = QuarantinedPrice.objects.get(product=product, variant__price_type="trend", recorded_at=at)
    assert QuarantineReason.RATIO_TO_AVERAGE in found.reasons
    return found


def make_rate(base: str, quote: str, middle: str, *, at: datetime = NOW) -> FxRate:
    """Store an exchange rate with a spread of one percent around its middle."""
    rate = Decimal(middle)
    return FxRate.objects.create(
        base=base,
        quote=quote,
        bid=rate * Decimal("0.995"),
        ask=rate * Decimal("1.005"),
        source="ecb",
        observed_at=at,
    )


def make_user(username: str, role: str = Role.ANALYST, *, is_staff: bool = False) -> User:
    """Make a user of a role."""
    return User.objects.create_user(username, password="correct horse", role=role, is_staff=is_staff)
