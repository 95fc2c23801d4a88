"""Catalogue articles and the names other systems know them by."""

import re

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models

from catalog.choices import Category, Finish, ProductType
from common.ids import uuid7

SEARCH_VECTOR = SearchVector("name", "set_name", "set_code", "number", config="simple")
"""What a search looks through; a query must use this very expression to find the index."""

_WORD = re.compile(r"\w+")
_MAX_WORDS = 10


class ProductQuerySet(models.QuerySet["Product"]):
    """Filters of the catalogue."""

    def active(self) -> "ProductQuerySet":
        """Keep articles that were not soft-deleted."""
        return self.filter(is_active=True)

    def sealed(self) -> "ProductQuerySet":
        """Keep sealed products."""
        return self.filter(product_type=ProductType.SEALED)

    def singles(self) -> "ProductQuerySet":
        """Keep single cards."""
        return self.filter(product_type=ProductType.SINGLE)

    def search(self, text: str) -> "ProductQuerySet":
        """Keep articles of which every word of `text` begins a word, and the owner of an outside id `text`.

        `mcm:587698` asks for an id of one source only. Blank text keeps everything.
        """
        text = text.strip().replace("\x00", "")
        if not text:
            return self
        source, separator, external_id = text.partition(":")
        ids = ProductIdentifier.objects.filter(external_id=external_id if separator else text)
        if separator:
            ids = ids.filter(source=source.lower())
        found = models.Q(id__in=ids.values("product_id"))
        if words := _WORD.findall(text)[:_MAX_WORDS]:
            prefixes = " & ".join(f"{word}:*" for word in words)
            query = SearchQuery(prefixes, config="simple", search_type="raw")
            matching = Product.objects.annotate(search_vector=SEARCH_VECTOR).filter(search_vector=query)
            found |= models.Q(id__in=matching.values("id"))
        return self.filter(found)


class Product(models.Model):
    """A sealed product, or one printing of a card (set, number, language) in all its finishes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.IntegerField(
        unique=True,
        editable=False,
        db_default=models.Func(models.Value("products_key_seq"), function="nextval"),
        help_text="Compact surrogate that price rows carry instead of the UUID: a third of their size.",
    )
    name = models.CharField(max_length=255)
    set_name = models.CharField(max_length=100, blank=True)
    set_code = models.CharField(max_length=16, blank=True)
    product_type = models.CharField(max_length=50, choices=ProductType)
    category = models.CharField(max_length=50, choices=Category)
    sealed_kind = models.CharField(
        max_length=40, blank=True, help_text="booster_box, deck, bundle, … of a sealed product."
    )
    sealed_subtype = models.CharField(max_length=40, blank=True, help_text="draft, collector, commander, …")
    number = models.CharField(max_length=20, blank=True, help_text="Collector number of a single.")
    rarity = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=30, default="English")
    finishes = ArrayField(models.CharField(max_length=10, choices=Finish), default=list, blank=True)
    released_on = models.DateField(null=True, blank=True)
    tcg_product_id = models.CharField(
        max_length=100, unique=True, null=True, blank=True
    )  # unique, so absent is NULL
    ebay_product_id = models.CharField(max_length=100, blank=True)
    amazon_asin = models.CharField(max_length=20, blank=True)
    description = models.TextField(blank=True)
    image_url = models.CharField(max_length=500, blank=True)
    is_active = models.BooleanField(default=True)
    is_featured = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        db_table = "products"
        indexes = [
            models.Index(
                fields=["product_type", "category", "name", "id"], name="products_type_category_name"
            ),
            models.Index(fields=["set_code", "number"], name="products_set_number"),
            models.Index(fields=["name", "id"], name="products_name_id"),
            GinIndex(SEARCH_VECTOR, name="products_search"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.set_code} {self.number})" if self.number else self.name


class ProductIdentifier(models.Model):
    """The id one outside source gives an article, or one finish of it."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="identifiers")
    source = models.CharField(
        max_length=30, help_text="Name space, e.g. mcm, tcgplayer, scryfall, ck, mtgjson."
    )
    external_id = models.CharField(max_length=100)
    finish = models.CharField(
        max_length=10, choices=Finish, blank=True, help_text="Empty: the id covers every finish."
    )

    class Meta:
        db_table = "product_identifiers"
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id", "finish"], name="product_identifiers_unique_id"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.external_id}"
