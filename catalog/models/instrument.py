"""The exact tradable thing of the live markets: the same symbol at two venues is the same thing."""

from django.db import models

from catalog.choices import InstrumentKind


class Instrument(models.Model):
    """One route key. Two quotes are comparable only if they carry the same symbol.

    Gift cards: `base` is the brand, `denomination` the face value in `quote`, `region` where it can be
    redeemed. Crypto: `base` and `quote` are asset codes; USD and USDT are different quotes.
    """

    id = models.AutoField(primary_key=True)
    symbol = models.CharField(max_length=120, unique=True, help_text="Such as giftcard:amazon:50:USD:US.")
    kind = models.CharField(max_length=10, choices=InstrumentKind)
    base = models.CharField(max_length=60, help_text="Brand or base asset.")
    quote = models.CharField(max_length=12, help_text="Currency or asset that prices are in.")
    denomination = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, blank=True, help_text="Face value of a gift card."
    )
    region = models.CharField(max_length=10, blank=True, help_text="ISO 3166 country of a gift card.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "instruments"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="giftcard", denomination__gt=0, denomination__lte=10**6)
                | models.Q(kind="crypto", denomination__isnull=True),
                name="instruments_denomination_of_gift_cards",
            ),
        ]
        indexes = [models.Index(fields=["kind", "base"], name="instruments_kind_base")]

    def __str__(self) -> str:
        return self.symbol
