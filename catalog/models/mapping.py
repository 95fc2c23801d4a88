"""R002's `product_singles`: the contents graph flattened to one line per card, finish and slot."""

from django.db import models

from catalog.choices import Finish, MappingSource, PullBasis
from common.ids import uuid7


class ProductSingle(models.Model):
    """Copies of a single in ONE sealed product.

    Guaranteed line: `quantity` copies. Random line: `quantity` independent trials (per product, or per pack
    times `packs_per_product`), each yielding the card with `pull_probability`. Lines of one `slot` exclude
    each other within a trial. Expected copies = trials x probability (MATHS 1.1).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sealed_product = models.ForeignKey(
        "catalog.Product",
        on_delete=models.CASCADE,
        db_index=False,
        related_name="single_mappings",
        db_column="sealed_product_id",
    )
    single_product = models.ForeignKey(
        "catalog.Product",
        on_delete=models.PROTECT,
        related_name="sealed_mappings",
        db_column="single_product_id",
    )
    quantity = models.IntegerField(default=1)
    guaranteed = models.BooleanField(default=True)
    finish = models.CharField(max_length=10, choices=Finish, default=Finish.NONFOIL)
    slot = models.CharField(max_length=120, blank=True)
    rarity = models.CharField(max_length=20, blank=True)
    pull_probability = models.DecimalField(max_digits=12, decimal_places=10, null=True, blank=True)
    pull_basis = models.CharField(max_length=12, choices=PullBasis, default=PullBasis.PER_PRODUCT)
    packs_per_product = models.PositiveIntegerField(default=1)
    source = models.CharField(max_length=10, choices=MappingSource, default=MappingSource.STAFF)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "product_singles"
        constraints = [
            models.UniqueConstraint(
                fields=["sealed_product", "single_product", "guaranteed", "finish", "slot"],
                name="product_singles_unique_line",
            ),
            models.CheckConstraint(
                condition=models.Q(quantity__gte=1),
                name="product_singles_quantity_positive",
                violation_error_message="Counts are whole numbers from 1.",
            ),
            models.CheckConstraint(
                condition=models.Q(pull_probability__isnull=True) | models.Q(pull_probability__range=(0, 1)),
                name="product_singles_probability_range",
                violation_error_message="A probability lies between 0 and 1.",
            ),
            models.CheckConstraint(
                condition=models.Q(guaranteed=True, pull_probability__isnull=True)
                | models.Q(guaranteed=True, pull_probability=1)
                | models.Q(guaranteed=False, pull_probability__isnull=False),
                name="product_singles_guaranteed_or_random",
                violation_error_message="A sure line has no probability, or 1; a random line needs one.",
            ),
            models.CheckConstraint(
                condition=~models.Q(sealed_product=models.F("single_product")),
                name="product_singles_no_self",
                violation_error_message="A product cannot hold itself.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} x card {self.single_product_id} in {self.sealed_product_id}"
