"""The same instrument cheaper at one venue than it sells for at another: gift cards and crypto."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from opportunities.choices import CrossVenueState, LiveMarketKind


def price() -> "models.DecimalField[Decimal | int | str, Decimal]":
    """A price or an amount of the live markets: crypto needs more places than money has."""
    return models.DecimalField(max_digits=28, decimal_places=12)


class CrossVenueOpportunity(models.Model):
    """One route: buy an instrument at one venue, sell it at another. Its id is made from the route.

    The same route found again updates the one row, so ids are deterministic (R000) and safe to keep in links.
    All amounts are in `currency` and per unit (one card, one coin), net of fees, slippage and cushions unless
    the name says gross. `size` is how many units the books could take at the moment of the last sighting.
    `expected_profit` is `net_profit` after the loss reserve: what remains when some cards turn out worthless.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    fingerprint = models.CharField(max_length=260, unique=True, editable=False)
    market = models.CharField(max_length=10, choices=LiveMarketKind)
    instrument = models.ForeignKey("catalog.Instrument", on_delete=models.PROTECT, related_name="+")
    buy_venue = models.ForeignKey("catalog.Venue", on_delete=models.PROTECT, related_name="+")
    sell_venue = models.ForeignKey("catalog.Venue", on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=CrossVenueState, default=CrossVenueState.OPEN)
    revision = models.PositiveIntegerField(default=1)

    buy_price = price()
    sell_price = price()
    cost = price()
    proceeds = price()
    cushion = price()
    gross_profit = price()
    net_profit = price()
    loss_reserve = price()
    expected_profit = price()
    gross_bps = models.DecimalField(max_digits=12, decimal_places=4)
    net_bps = models.DecimalField(max_digits=12, decimal_places=4)
    best_net_bps = models.DecimalField(max_digits=12, decimal_places=4)
    size = models.DecimalField(max_digits=28, decimal_places=12, null=True, blank=True)
    total_profit = models.DecimalField(
        max_digits=28, decimal_places=12, null=True, blank=True, help_text="Net, of the whole size."
    )
    threshold_bps = models.DecimalField(max_digits=12, decimal_places=4)
    flags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    inputs = models.JSONField(
        default=dict, help_text="Both quotes with times, fees and cushions: recomputable."
    )

    sightings = models.PositiveBigIntegerField(default=1)
    created_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    expires_at = models.DateTimeField(help_text="When the older of the two quotes is too old.")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        db_table = "cross_venue_opportunities"
        verbose_name_plural = "cross-venue opportunities"
        constraints = [
            models.CheckConstraint(
                condition=Q(buy_price__gt=0, buy_price__lte=10**12, sell_price__gt=0, sell_price__lte=10**12),
                name="cross_venue_price_range",
            ),
            models.CheckConstraint(
                condition=~Q(buy_venue=models.F("sell_venue")), name="cross_venue_two_venues"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-net_bps", "id"], name="cross_venue_ranked"),
            models.Index(fields=["market", "-last_seen_at", "-id"], name="cross_venue_recent"),
            models.Index(fields=["state", "expires_at"], name="cross_venue_expiry"),
        ]

    def __str__(self) -> str:
        return f"{self.fingerprint} {self.net_bps} bps"


class SpreadEpisode(models.Model):
    """One opening of a route, from first sighting to closing: how long gaps live and how wide they get."""

    id = models.BigAutoField(primary_key=True)
    opportunity = models.ForeignKey(
        CrossVenueOpportunity, on_delete=models.CASCADE, related_name="episodes", db_index=False
    )
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_reason = models.CharField(max_length=40, blank=True)
    peak_net_bps = models.DecimalField(max_digits=12, decimal_places=4)
    peak_net_profit = price()
    sightings = models.PositiveBigIntegerField(default=1)

    class Meta:
        db_table = "spread_episodes"
        constraints = [
            models.UniqueConstraint(fields=["opportunity", "opened_at"], name="spread_episodes_one_opening"),
            models.UniqueConstraint(
                fields=["opportunity"], condition=Q(closed_at__isnull=True), name="spread_episodes_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opportunity_id} {self.opened_at:%F %T}"
