"""Seed the price sources and the fee schedules that were known on 2026-11-21.

Figures, sources and their status are those of the fee research; whatever was not seen on a venue's own page says so in
its note, and staff confirm it before going live. Where a rate rose on a day that is not known, the higher one is used
for the whole period, so that profits are understated rather than overstated.
"""

from datetime import date

from django.db import migrations

VENUES = {
    "cardmarket": ("Cardmarket", "marketplace", "EU", "EUR", "https://www.cardmarket.com"),
    "tcgplayer": ("TCGplayer", "marketplace", "US", "USD", "https://www.tcgplayer.com"),
    "cardkingdom": ("Card Kingdom", "store", "US", "USD", "https://www.cardkingdom.com"),
    "ebay": ("eBay", "marketplace", "US", "USD", "https://www.ebay.com"),
    "amazon": ("Amazon", "marketplace", "US", "USD", "https://www.amazon.com"),
}

SOURCES = [
    # code and venue, name space of its ids, statistic used as market price, attribution
    ("cardmarket", "mcm", "trend", "Price guide © Cardmarket"),
    ("tcgplayer", "tcgplayer", "market", "TCGplayer prices by way of tcgcsv.com"),
    ("cardkingdom", "ck", "retail", "Card Kingdom price list"),
]

SALE = {"includes": ["shipping"]}
TRANSACTION = {"kind": "rate", "base": "order", "rate": "0.025", "name": "Payment (2.5 % of the order)"}
ORDER_FEE = {"kind": "fixed", "base": "order", "amount": "0.30", "name": "Payment (per order)"}
TCGPLAYER_COMMISSION = {"name": "Commission", "kind": "rate", "rate": "0.1075", "cap": "75", **SALE}

BUYER_PAYS = (
    "Postage per order is 0 because the buyer pays it: the venue adds the shipping method's price to the order and "
    "passes it on. Enter what you pay beyond that, and packing, in a new version."
)

SCHEDULES = [
    {
        "venue": "cardmarket",
        "components": [{"name": "Commission", "kind": "rate", "rate": "0.05", "cap": "100"}],
        "note": "5 % of the article value, at most 100 EUR an article, shipping excluded: from the calculator of retailed.io and "
        "an older FAQ of the venue; its price list was not seen. Not included: trustee service (0.5 to 1 % by shipping "
        "method) and currency conversion (3 %). Registered post is forced above 25 EUR. " + BUYER_PAYS,
    },
    {
        "venue": "tcgplayer",
        "components": [TCGPLAYER_COMMISSION, TRANSACTION, ORDER_FEE],
        "source_url": "https://help.tcgplayer.com",
        "verified_on": date(2026, 11, 21),
        "note": "Page “Fees”. Levels 1 to 4: 10.75 % of item and shipping, at most 75 USD per product sold (10.25 % until a month "
        "that was not seen; the higher rate is used throughout), and 2.5 % + 0.30 on items, shipping and tax "
        "(3.5 % + 0.30 international). " + BUYER_PAYS,
    },
    {
        "venue": "tcgplayer",
        "programme": "pro",
        "components": [
            {"name": "Commission", "kind": "rate", "rate": "0.0925", "cap": "75", **SALE},
            {"name": "Pro commission", "kind": "rate", "rate": "0.025", "cap": "75", **SALE},
            TRANSACTION,
            ORDER_FEE,
        ],
        "source_url": "https://help.tcgplayer.com",
        "verified_on": date(2026, 11, 21),
        "note": "Page “Fees”. Pro sellers: 9.25 % and Pro 2.5 %, both capped, and 2.5 % + 0.30 on items, shipping and tax. "
        + BUYER_PAYS,
    },
    {
        "venue": "tcgplayer",
        "programme": "direct",
        "valid_from": date(2026, 6, 18),
        "components": [
            {"name": "Low-priced card", "kind": "rate", "rate": "0.50", "threshold": {"below": "2.50"}},
            {"name": "Direct fee", "kind": "fixed", "amount": "1.12", "threshold": {"at_least": "2.50"}},
            {**TCGPLAYER_COMMISSION, "includes": [], "threshold": {"at_least": "2.50"}},
            {"name": "Payment", "kind": "rate", "rate": "0.025", "threshold": {"at_least": "2.50"}},
        ],
        "source_url": "https://help.tcgplayer.com",
        "verified_on": date(2026, 11, 21),
        "note": "Pages “Fees” and “Direct fee update FAQ”. TCGplayer Direct from 2026-06-18: up to 2.49 half the value and nothing else; above, 1.12 a card "
        "and the standard fees without the 0.30. TCGplayer ships; postage to its warehouse is yours to enter.",
    },
    {
        "venue": "ebay",
        "components": [
            {
                "name": "Final value fee",
                "kind": "tiers",
                "tiers": [{"up_to": "7500", "rate": "0.1325"}, {"rate": "0.0235"}],
                "includes": ["shipping", "tax"],
            },
            {"name": "Per order", "kind": "fixed", "base": "order", "amount": "0.30", "threshold": {"at_most": "10.00"}},
            {"name": "Per order", "kind": "fixed", "base": "order", "amount": "0.40", "threshold": {"above": "10.00"}},
        ],
        "note": "Trading cards, US: 13.25 % to 7,500 an item and 2.35 % above, on item, shipping and tax, from "
        "secondary pages of 2025-26, not from eBay's own (most other categories 13.6 %); 0.30 an order up to 10.00, else 0.40. Not "
        "included: international sales (1.65 %), listings beyond 250 a month (0.35). " + BUYER_PAYS,
    },
    {
        "venue": "amazon",
        "components": [
            {"name": "Referral fee", "kind": "rate", "rate": "0.15", "min": "0.30", **SALE},
            {"name": "Individual seller, per item", "kind": "fixed", "amount": "0.99"},
        ],
        "note": "US, toys and games: 15 % of price and shipping, at least 0.30, and 0.99 an item for individual "
        "sellers; from dated copies of the fee schedule. " + BUYER_PAYS,
    },
    {
        "venue": "amazon",
        "programme": "professional",
        "components": [{"name": "Referral fee", "kind": "rate", "rate": "0.15", "min": "0.30", **SALE}],
        "note": "US, toys and games: 15 % of price and shipping, at least 0.30; the 39.99 a month are not spread over "
        "sales; from dated copies of the fee schedule. " + BUYER_PAYS,
    },
]
VALID_FROM = date(2024, 1, 1)


def seed(apps, schema_editor):
    Venue = apps.get_model("catalog", "Venue")
    PriceSource = apps.get_model("pricing", "PriceSource")
    FeeSchedule = apps.get_model("pricing", "FeeSchedule")
    venues = {}
    for code, (name, kind, region, currency, website) in VENUES.items():
        defaults = {"name": name, "kind": kind, "region": region, "currency": currency, "website": website}
        venues[code], _ = Venue.objects.get_or_create(code=code, defaults=defaults)
    for code, identifier_source, market_price_type, attribution in SOURCES:
        PriceSource.objects.get_or_create(
            code=code,
            defaults={
                "venue": venues[code],
                "currency": VENUES[code][3],
                "identifier_source": identifier_source,
                "market_price_type": market_price_type,
                "attribution": attribution,
            },
        )
    for entry in SCHEDULES:
        facts = {"valid_from": VALID_FROM, "currency": VENUES[entry["venue"]][3], **entry}
        FeeSchedule.objects.get_or_create(
            venue=venues[facts.pop("venue")],
            programme=facts.pop("programme", "standard"),
            category="",
            version=1,
            defaults=facts,
        )


def unseed(apps, schema_editor):
    """Take away only what nothing refers to; venues stay, they belong to the catalogue."""
    PriceBatch = apps.get_model("pricing", "PriceBatch")
    FeeSchedule = apps.get_model("pricing", "FeeSchedule")
    for entry in SCHEDULES:
        key = {"venue__code": entry["venue"], "programme": entry.get("programme", "standard"), "category": ""}
        FeeSchedule.objects.filter(version=1, **key).delete()
    used = PriceBatch.objects.values_list("source_id", flat=True)
    codes = [code for code, *_ in SOURCES]
    apps.get_model("pricing", "PriceSource").objects.filter(code__in=codes).exclude(id__in=used).delete()


class Migration(migrations.Migration):
    dependencies = [("pricing", "0002_price_tables"), ("catalog", "0002_venues")]

    operations = [migrations.RunPython(seed, unseed)]
