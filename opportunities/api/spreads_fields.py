"""Decimals of the live markets: crypto needs twelve places, nobody needs the zeros behind."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers


class PlainDecimalField(serializers.DecimalField):
    """A decimal string without trailing zeros: `45.5`, never `45.500000000000` and never `4.55E+1`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 28)
        kwargs.setdefault("decimal_places", 12)
        super().__init__(**kwargs)

    def to_representation(self, value: Any) -> str:
        """Return the plain text."""
        return plain(Decimal(value))


def plain(value: Decimal) -> str:
    """Return a decimal as text without exponent and trailing zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
