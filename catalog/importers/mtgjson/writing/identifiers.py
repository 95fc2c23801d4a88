"""Outside ids: which article owns which, when several claim one.

Markets sell some printings under one id: the foil star printing of Tenth Edition beside the plain one,
misprints, old basic lands. Such an id is shared out finish by finish, plainly numbered printings first; what
is claimed again is a conflict, counted and left with the first.
"""

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from catalog.choices import Finish
from common.bulk import copy_rows

from ..records import PrintingRecord
from ..report import ImportReport, Tally
from .products import PlacedArticle

MTGJSON = "mtgjson"
_TCGPLAYER = "tcgplayer"


class IdentifierRow(NamedTuple):
    """A row of `product_identifiers`."""

    product_id: UUID
    source: str
    external_id: str
    finish: str


@dataclass(frozen=True, slots=True)
class _Claim:
    article: PlacedArticle
    finish: str

    @property
    def rank(self) -> bool:
        """Sort key: printings with a plain number come first, in the order of the file."""
        record = self.article.record
        return isinstance(record, PrintingRecord) and not record.number.isdecimal()

    @property
    def finishes(self) -> tuple[str, ...]:
        """The finishes claimed one by one."""
        record = self.article.record
        if self.finish or not isinstance(record, PrintingRecord):
            return (self.finish,)
        return record.finishes


def load_identifiers(cursor: CursorWrapper) -> dict[IdentifierRow, int]:
    """Read every id the catalogue has, each with the key of its row."""
    cursor.execute("SELECT id, product_id, source, external_id, finish FROM product_identifiers")
    return {IdentifierRow(*values): row_id for row_id, *values in cursor.fetchall()}


def assign_identifiers(
    placed: list[PlacedArticle], *, known: dict[IdentifierRow, int], report: ImportReport
) -> list[IdentifierRow]:
    """Decide the owner of every id the source states; conflicts go into the report."""
    claims: dict[tuple[str, str], list[_Claim]] = defaultdict(list)
    for article in placed:
        for uuid in article.uuids:
            claims[(MTGJSON, uuid)].append(_Claim(article, ""))
        for source, external_id, finish in article.record.identifiers:
            claims[(source, external_id)].append(_Claim(article, finish))
    held = _held_by_others(known, {article.product_id for article in placed})
    rows: list[IdentifierRow] = []
    for (source, external_id), claimants in claims.items():
        others = held.get((source, external_id), set())
        if len(claimants) == 1 and not others:
            only = claimants[0]
            rows.append(IdentifierRow(only.article.product_id, source, external_id, only.finish))
        else:
            rows.extend(_share_out(source, external_id, claimants, others, report))
    return rows


def _held_by_others(known: dict[IdentifierRow, int], ours: set[UUID]) -> dict[tuple[str, str], set[str]]:
    """Finishes of the ids that products outside this import own already."""
    held: dict[tuple[str, str], set[str]] = defaultdict(set)
    for product_id, source, external_id, finish in known:
        if product_id not in ours:
            held[(source, external_id)].add(finish)
    return held


def _share_out(
    source: str, external_id: str, claimants: list[_Claim], others: set[str], report: ImportReport
) -> list[IdentifierRow]:
    owners = {claim.article.product_id for claim in claimants}
    if len(owners) == 1 and not others:  # one article, the same id for several finishes
        stated = {claim.finish for claim in claimants}
        return [
            IdentifierRow(claimants[0].article.product_id, source, external_id, finish)
            for finish in ([""] if "" in stated else sorted(stated))
        ]
    taken = set(others)
    rows: list[IdentifierRow] = []
    for claim in sorted(claimants, key=lambda claim: claim.rank):
        free = [finish for finish in claim.finishes if finish not in taken and "" not in taken]
        if "" in free and taken:
            free = []
        taken.update(free)
        rows.extend(IdentifierRow(claim.article.product_id, source, external_id, finish) for finish in free)
        if len(free) < len(claim.finishes):
            record = claim.article.record
            report.conflicts.add(source, f"{external_id}: also claimed by {record.name} ({record.set_code})")
    return list(dict.fromkeys(rows))


def tcg_product_ids(
    cursor: CursorWrapper, rows: list[IdentifierRow], placed: list[PlacedArticle], *, report: ImportReport
) -> dict[UUID, str]:
    """Pick R002's `tcg_product_id`: the first TCGplayer id of an article that no other one has picked."""
    cursor.execute("SELECT tcg_product_id, id FROM products WHERE tcg_product_id IS NOT NULL")
    ours = {article.product_id for article in placed}
    used: set[str] = {tcg_id for tcg_id, product_id in cursor.fetchall() if product_id not in ours}
    picked: dict[UUID, str] = {}
    for row in sorted(
        (row for row in rows if row.source == _TCGPLAYER), key=lambda row: row.finish == Finish.ETCHED
    ):
        if row.product_id in picked:
            continue
        if row.external_id in used:
            report.conflicts.add("tcg_product_id", f"{row.external_id}: already taken")
            continue
        picked[row.product_id] = row.external_id
        used.add(row.external_id)
    return picked


def write_identifiers(
    cursor: CursorWrapper, rows: list[IdentifierRow], *, known: dict[IdentifierRow, int], report: ImportReport
) -> None:
    """Write the ids that are new; remove those the source has replaced.

    An id that staff added stays unless the source states another one of the same name space for that article.
    """
    wanted = set(rows)
    stated = {(row.product_id, row.source) for row in rows}
    replaced = [
        row_id
        for row, row_id in known.items()
        if row not in wanted and (row.product_id, row.source) in stated
    ]
    if replaced:
        cursor.execute("DELETE FROM product_identifiers WHERE id = ANY(%s)", [replaced])
    added = [row for row in rows if row not in known]
    copy_rows(cursor, "product_identifiers", IdentifierRow._fields, added)
    report.tallies["identifiers"] = Tally(
        created=max(len(added) - len(replaced), 0),
        updated=min(len(added), len(replaced)),
        unchanged=len(rows) - len(added),
    )
