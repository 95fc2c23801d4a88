"""Where live quotes come from: gift-card desks and crypto exchanges, declared by environment or by staff."""

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from catalog.choices import InstrumentKind
from scrapers.choices import LiveAdapter, MarketOrigin, MarketSide


class LiveMarket(models.Model):
    """One declared live market of a venue; `code` is R000's `<ID>` in lower case and the venue's code.

    `side` speaks from the venue's chair, as R000 does: `sell` means that the venue sells to us, so that its
    prices are asks; `buy` that it buys from us, so that they are bids. Exchanges do both.
    Rows of origin `environment` follow the environment at each start and are read-only for staff.
    """

    id = models.AutoField(primary_key=True)
    code = models.SlugField(max_length=50, unique=True)
    venue = models.OneToOneField("catalog.Venue", on_delete=models.PROTECT, related_name="live_market")
    kind = models.CharField(max_length=10, choices=InstrumentKind)
    adapter = models.CharField(max_length=20, choices=LiveAdapter)
    side = models.CharField(max_length=4, choices=MarketSide)
    origin = models.CharField(max_length=12, choices=MarketOrigin, default=MarketOrigin.STAFF, editable=False)
    is_enabled = models.BooleanField(default=True)
    url = models.CharField(max_length=300, blank=True, help_text="https or wss; empty: the adapter's own.")
    order_url = models.CharField(
        max_length=300, blank=True, help_text="Where orders go; empty: the venue is quoted only."
    )
    token = models.TextField(blank=True, editable=False, help_text="Encrypted; written, never shown.")
    token_header = models.CharField(
        max_length=60, blank=True, help_text="Empty: Authorization with a bearer token."
    )
    poll_ms = models.PositiveIntegerField(
        default=2000, validators=[MinValueValidator(200), MaxValueValidator(3_600_000)]
    )
    timeout_ms = models.PositiveIntegerField(
        default=5000, validators=[MinValueValidator(100), MaxValueValidator(60_000)]
    )
    fee_bps = models.DecimalField(
        max_digits=8, decimal_places=3, default=Decimal(0), help_text="Of the price, paid at this venue."
    )
    slippage_bps = models.DecimalField(max_digits=8, decimal_places=3, default=Decimal(0))
    fixed_fee = models.DecimalField(
        max_digits=12, decimal_places=4, default=Decimal(0), help_text="Per trade, in the market's currency."
    )
    currency = models.CharField(max_length=12, blank=True, help_text="Of prices that do not say their own.")
    region = models.CharField(max_length=10, blank=True, help_text="ISO 3166 country the venue sells for.")
    brands = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, help_text="Empty: all of them."
    )
    network = models.CharField(max_length=40, blank=True, help_text="How codes or coins move.")
    items_path = models.CharField(max_length=100, blank=True, help_text="Dotted path to the list of quotes.")
    field_map = models.JSONField(
        default=dict, blank=True, help_text='{"price": "their.field", …} where names differ.'
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "live_markets"
        constraints = [
            models.CheckConstraint(
                condition=Q(fee_bps__range=(-10_000, 10_000)) & Q(slippage_bps__range=(0, 10_000)),
                name="live_markets_bps_range",
            ),
            models.CheckConstraint(
                condition=Q(fixed_fee__gte=0, fixed_fee__lte=10**6), name="live_markets_fixed_fee_range"
            ),
            models.CheckConstraint(condition=Q(poll_ms__gte=200), name="live_markets_poll_floor"),
        ]

    def __str__(self) -> str:
        return self.code
