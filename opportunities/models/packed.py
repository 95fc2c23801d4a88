"""The contents of sealed products as arrays: a cache of the analysis."""

from django.db import models


class PackedMapping(models.Model):
    """The `product_singles` rows of one sealed product as arrays: a cache that can be rebuilt at any time.

    Valuing thousands of products from rows costs seconds of joins; from arrays, a few vector operations.
    `checksum` summarises the rows the arrays were made from; a difference makes the analysis pack again.
    Bytes are little-endian and in one order: singles int32 (product keys), finishes int8 (position in
    `opportunities.mapping.FINISHES`), guaranteed int8, copies int64 (expected copies times 10^10).
    """

    sealed_product = models.OneToOneField(
        "catalog.Product", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    checksum = models.CharField(max_length=120)
    singles = models.BinaryField()
    finishes = models.BinaryField()
    guaranteed = models.BinaryField()
    copies = models.BinaryField()

    class Meta:
        db_table = "packed_mappings"

    def __str__(self) -> str:
        return str(self.sealed_product_id)
