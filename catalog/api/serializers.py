"""Articles and contents as JSON."""

from typing import Any
from urllib.parse import urlsplit

from rest_framework import serializers

from catalog.choices import Finish
from catalog.models import (
    ContentAlternative,
    ContentChoice,
    ContentsVersion,
    Product,
    ProductIdentifier,
    SealedContent,
)
from common.api.bodies import StrictBody

_READ_FIELDS = (
    "id", "name", "set_name", "product_type", "category", "tcg_product_id", "ebay_product_id", "amazon_asin",
    "description", "image_url", "is_active", "is_featured", "created_at", "updated_at",
    "set_code", "number", "rarity", "language", "released_on", "finishes", "sealed_kind", "sealed_subtype",
    "is_demo", "identifiers",
)  # fmt: skip
_COMPUTED = ("id", "created_at", "updated_at", "is_demo", "identifiers")


class ProductIdentifierSerializer(serializers.ModelSerializer[ProductIdentifier]):
    class Meta:
        model = ProductIdentifier
        fields = ("source", "external_id", "finish")


class ProductSerializer(serializers.ModelSerializer[Product]):
    identifiers = ProductIdentifierSerializer(many=True, read_only=True)

    class Meta:
        model = Product
        fields = _READ_FIELDS
        read_only_fields = _READ_FIELDS


class ProductWriteSerializer(StrictBody, serializers.ModelSerializer[Product]):
    """What operators may state. The uniqueness of `tcg_product_id` is the service's to judge."""

    tcg_product_id = serializers.CharField(max_length=100, allow_null=True, allow_blank=True, required=False)
    finishes = serializers.ListField(
        child=serializers.ChoiceField(choices=Finish.choices), required=False, max_length=len(Finish)
    )
    set_code = serializers.RegexField(r"^[A-Za-z0-9_]{0,16}$", allow_blank=True, required=False)

    class Meta:
        model = Product
        fields = tuple(name for name in _READ_FIELDS if name not in _COMPUTED)

    def validate_image_url(self, value: str) -> str:
        """Accept http and https addresses only: others could run in a browser."""
        try:
            parts = urlsplit(value)
        except ValueError:  # half an IPv6 address, signs that another program would read as / or :
            parts = urlsplit("invalid:")
        if value and (parts.scheme not in ("http", "https") or not parts.netloc):
            raise serializers.ValidationError("Give an http or https address.", code="invalid_url")
        return value

    def validate_set_code(self, value: str) -> str:
        """Store codes in upper case."""
        return value.upper()

    def validate_finishes(self, value: list[str]) -> list[str]:
        """Drop repetitions."""
        return list(dict.fromkeys(value))


class ContentLineSerializer(serializers.ModelSerializer[SealedContent]):
    product_id = serializers.SerializerMethodField(help_text="The single or sealed product, if it is one.")
    deck = serializers.SerializerMethodField(help_text="Name of the deck, if it is one.")
    pack = serializers.SerializerMethodField(help_text="Code of the booster, if it is one.")
    set_code = serializers.SerializerMethodField()
    resolved = serializers.SerializerMethodField(help_text="Whether the catalogue knows what this is.")

    class Meta:
        model = SealedContent
        fields = (
            "kind", "quantity", "name", "finish", "product_id", "deck", "pack", "set_code", "resolved",
        )  # fmt: skip

    def get_product_id(self, line: SealedContent) -> str | None:
        """Return the id of the article."""
        found = line.single_id or line.sealed_id
        return str(found) if found else None

    def get_deck(self, line: SealedContent) -> str | None:
        """Return the deck's name."""
        return line.deck.name if line.deck else None

    def get_pack(self, line: SealedContent) -> str | None:
        """Return the booster's code."""
        return line.pack.code if line.pack else None

    def get_set_code(self, line: SealedContent) -> str | None:
        """Return the set of what the line refers to."""
        found = line.single or line.sealed or line.deck or line.pack
        return found.set_code if found else None

    def get_resolved(self, line: SealedContent) -> bool:
        """Return whether the line refers to something known, or is an item that is no article."""
        return line.kind == "other" or bool(line.single_id or line.sealed_id or line.deck_id or line.pack_id)


class ContentAlternativeSerializer(serializers.ModelSerializer[ContentAlternative]):
    lines = ContentLineSerializer(many=True, read_only=True)

    class Meta:
        model = ContentAlternative
        fields = ("weight", "lines")


class ContentChoiceSerializer(serializers.ModelSerializer[ContentChoice]):
    alternatives = ContentAlternativeSerializer(many=True, read_only=True)

    class Meta:
        model = ContentChoice
        fields = ("draws", "with_replacement", "alternatives")


class ContentsSerializer(serializers.Serializer[Any]):
    """What one sealed product holds; follow `product_id` for what nested products hold."""

    product_id = serializers.UUIDField()
    version = serializers.IntegerField(allow_null=True, help_text="Null: nothing was ever stated.")
    source = serializers.CharField(allow_null=True)  # type: ignore[assignment]  # a column
    source_date = serializers.DateField(allow_null=True)
    complete = serializers.BooleanField(help_text="Whether everything is known down to the last card.")
    missing = serializers.ListField(child=serializers.CharField())
    lines = ContentLineSerializer(many=True)
    choices = ContentChoiceSerializer(many=True)


def contents_data(product: Product, version: ContentsVersion | None) -> dict[str, Any]:
    """Arrange a version loaded by `contents_tree` for `ContentsSerializer`."""
    if version is None:
        unknown = f"Contents unknown: {product.name}"
        facts = {"product_id": product.id, "version": None, "source": None, "source_date": None}
        return {**facts, "complete": False, "missing": [unknown], "lines": [], "choices": []}
    return {
        "product_id": product.id,
        "version": version.version,
        "source": version.source,
        "source_date": version.source_date,
        "complete": version.is_complete,
        "missing": version.missing,
        "lines": [line for line in version.lines.all() if line.alternative_id is None],
        "choices": version.choices.all(),
    }
