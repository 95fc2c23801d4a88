"""What an import did and what it could not do: counted, with a few examples, never silent."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

_EXAMPLES = 5


@dataclass(slots=True)
class Issues:
    """Counted complaints about the source, each kind with its first few places."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def add(self, kind: str, where: str) -> None:
        """Count one complaint. `kind` is a stable lower-snake word, `where` names the row for a person."""
        self.counts[kind] += 1
        shown = self.examples.setdefault(kind, [])
        if len(shown) < _EXAMPLES:
            shown.append(where[:200])

    def as_data(self) -> dict[str, Any]:
        """Return the complaints as JSON-compatible data, the most frequent first."""
        return {
            kind: {"count": count, "examples": self.examples[kind]}
            for kind, count in self.counts.most_common()
        }


@dataclass(slots=True)
class Tally:
    """Rows of one entity: created, updated and unchanged."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0

    def as_data(self) -> dict[str, int]:
        """Return the three counts as JSON-compatible data."""
        return {"created": self.created, "updated": self.updated, "unchanged": self.unchanged}


@dataclass(slots=True)
class ImportReport:
    """The result of one import.

    Args:
        source_date: date the source states about itself (ISO), or empty.
        source_version: version it states, or empty.
        sets: how many sets were taken.
        tallies: counts per entity: cards, sealed_products, identifiers, decks, boosters, contents.
        mappings_written: rows of `product_singles` that were created, changed or removed.
        incomplete: products whose contents are incomplete, by reason; a product counts once per reason.
        incomplete_products: products whose contents are incomplete.
        complete_products: products whose contents resolve to the last card.
        issues: rows skipped and repaired.
        conflicts: outside ids claimed by two articles; the first claim was kept.
    """

    source_date: str = ""
    source_version: str = ""
    sets: int = 0
    tallies: dict[str, Tally] = field(default_factory=dict)
    mappings_written: int = 0
    incomplete: Counter[str] = field(default_factory=Counter)
    incomplete_products: int = 0
    complete_products: int = 0
    issues: Issues = field(default_factory=Issues)
    conflicts: Issues = field(default_factory=Issues)

    def tally(self, entity: str) -> Tally:
        """Return the counts of one entity, made on first use."""
        return self.tallies.setdefault(entity, Tally())

    @property
    def created_count(self) -> int:
        """Rows created over all entities."""
        return sum(tally.created for tally in self.tallies.values())

    @property
    def changed_count(self) -> int:
        """Rows updated over all entities."""
        return sum(tally.updated for tally in self.tallies.values())

    def as_data(self) -> dict[str, Any]:
        """Return the report as JSON-compatible data."""
        return {
            "source_date": self.source_date,
            "source_version": self.source_version,
            "sets": self.sets,
            "created": self.created_count,
            "changed": self.changed_count,
            "entities": {name: tally.as_data() for name, tally in self.tallies.items()},
            "mappings_written": self.mappings_written,
            "complete_products": self.complete_products,
            "incomplete_products": self.incomplete_products,
            "incomplete_by_reason": dict(self.incomplete.most_common()),
            "issues": self.issues.as_data(),
            "conflicts": self.conflicts.as_data(),
        }
