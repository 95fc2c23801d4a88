"""Bodies of requests: what is not known is refused, so that a typing error is never taken for consent."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers


class StrictBody(serializers.Serializer[Any]):
    """Base of request bodies: an unknown or read-only field is a 400 naming those there are."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the validated values.

        Raises:
            ValidationError: naming each unknown field, besides what DRF raises.
        """
        if isinstance(data, Mapping):
            writable = [name for name, field in self.fields.items() if not field.read_only]
            unknown = sorted(str(name) for name in data if name not in writable)
            if unknown:
                allowed = ", ".join(sorted(writable)) or "none"
                raise serializers.ValidationError(
                    {name: [f"Unknown field. Allowed: {allowed}."] for name in unknown}, code="unknown_field"
                )
        return super().to_internal_value(data)
