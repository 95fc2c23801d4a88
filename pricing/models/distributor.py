"""What distributors offer: their price lists as they came, and the newest row of each of their articles."""

from decimal import Decimal

from django.conf import settings
from django.db import models

from catalog.choices import Category
from pricing.choices import PriceListStatus

from .history import PRICE_DIGITS, PRICE_PLACES
from .source import PriceBatch, PriceSource


def cost() -> "models.DecimalField[Decimal | int | str | None, Decimal | None]":
    """An amount in the list's currency; empty where the list leaves it open (allocation items)."""
    return models.DecimalField(max_digits=PRICE_DIGITS, decimal_places=PRICE_PLACES, null=True, blank=True)


class PriceList(models.Model):
    """One uploaded file with the mapping it is read by. It is a draft until somebody imports it."""

    source = models.ForeignKey(PriceSource, on_delete=models.PROTECT, related_name="price_lists")
    file_name = models.CharField(max_length=200)
    content = models.BinaryField(help_text="The file as it came: an import can be repeated and explained.")
    content_sha256 = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict, help_text="Our column -> the list's header.")
    options = models.JSONField(default=dict, help_text="Decimal mark, currency, what a price is for, time.")
    status = models.CharField(max_length=10, choices=PriceListStatus, default=PriceListStatus.DRAFT)
    report = models.JSONField(default=dict, blank=True, help_text="What the import did.")
    batch = models.ForeignKey(PriceBatch, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    uploaded_at = models.DateTimeField()
    imported_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "price_lists"
        indexes = [models.Index(fields=["-uploaded_at", "id"], name="price_lists_newest")]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.source.code})"


class DistributorOffer(models.Model):
    """The newest row of one article of one distributor, matched or not. Amounts are in `currency`.

    `unit_cost` is for one box (or whatever the product is), `case_cost` for `case_quantity` of them.
    """

    source = models.ForeignKey(PriceSource, on_delete=models.PROTECT, related_name="offers")
    sku = models.CharField(max_length=60)
    gtin = models.CharField(max_length=14, blank=True, help_text="UPC or EAN, leading zeros kept.")
    name = models.CharField(max_length=255)
    set_name = models.CharField(max_length=100, blank=True)
    category = models.CharField(max_length=50, choices=Category, blank=True)
    product_type = models.CharField(max_length=60, blank=True, help_text="As the list calls it.")
    product = models.ForeignKey(
        "catalog.Product", on_delete=models.SET_NULL, null=True, blank=True, related_name="distributor_offers"
    )
    case_quantity = models.PositiveIntegerField(null=True, blank=True)
    unit_cost = cost()
    case_cost = cost()
    msrp = cost()
    currency = models.CharField(max_length=3)
    minimum_quantity = models.PositiveIntegerField(null=True, blank=True)
    available_quantity = models.PositiveIntegerField(null=True, blank=True)
    is_quantity_open = models.BooleanField(default=False, help_text="“12+”: at least so many.")
    released_on = models.DateField(null=True, blank=True)
    order_cutoff = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=60, blank=True, help_text="As the list calls it.")
    is_unit_clear = models.BooleanField(default=True, help_text="Whether the cost per box is certain.")
    price_list = models.ForeignKey(PriceList, on_delete=models.PROTECT, related_name="offers")
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "distributor_offers"
        constraints = [
            models.UniqueConstraint(fields=["source", "sku"], name="distributor_offers_unique_sku"),
        ]
        indexes = [models.Index(fields=["name", "id"], name="distributor_offers_name")]

    def __str__(self) -> str:
        return f"{self.sku} {self.name}"
