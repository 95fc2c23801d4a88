"""What a check reports."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from opportunities.choices import ContentsCheck


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubt.

    Args:
        check: which check raised it.
        product: whose contents are doubted.
        other: the product it was compared with, if any.
        reason: one sentence with its figures.
        details: the figures, JSON types; amounts as decimal strings.
    """

    check: ContentsCheck
    product: UUID
    other: UUID | None
    reason: str
    details: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, UUID, UUID | None]:
        """What makes it the same doubt when it is found again."""
        return (str(self.check), self.product, self.other)
