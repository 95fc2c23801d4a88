"""Card Kingdom: its price list (JSON, singles or sealed), and the CSV forms archives keep of it. USD.

What the store charges (`retail`) and pays in cash (`buylist`), with the copies it has and wants. Prices are
for near mint cards; the list adds what it charges for the other grades it has in stock (EX, VG, G). A price
without copies behind it is no offer: "buying" 0 copies means not buying (mtgjson/mtgjson#1142), and a retail
price with nothing in stock cannot be paid. Amounts are strings, counts are numbers, `is_foil` is a string.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

import msgspec

from catalog.choices import Finish
from pricing.choices import Condition, PriceType
from pricing.errors import PriceFileError
from pricing.observations import Observation
from quant.money import InvalidAmount, parse_amount

from .parsed import ParsedPrices

SOURCE: Final = "cardkingdom"
CURRENCY: Final = "USD"
SKU_NAME_SPACE: Final = "ck_sku"  # of the CSV forms, which carry no product ids
GRADES: Final = (
    ("ex", Condition.LIGHTLY_PLAYED.value),
    ("vg", Condition.MODERATELY_PLAYED.value),
    ("g", Condition.HEAVILY_PLAYED.value),
)
_SNAPSHOT: Final = ("sku", "buy_usd", "buy_qty", "retail_usd", "retail_qty")
_CHANGES: Final = ("sku", "side", "at", "price_usd")
_SIDES: Final = {"buy": PriceType.BUYLIST.value, "retail": PriceType.RETAIL.value}
_MAX_COUNT: Final = 1_000_000_000
_MAX_PRICE: Final = Decimal(100_000_000)

Price = Decimal | None


class Grades(msgspec.Struct, gc=False):
    """Retail price and stock of each grade; absent ones are not sold."""

    ex_price: Price = None
    ex_qty: int = 0
    vg_price: Price = None
    vg_qty: int = 0
    g_price: Price = None
    g_qty: int = 0


class ListRow(msgspec.Struct, gc=False):
    """One article of the list. Prices are strings of decimals; some articles have no Scryfall id."""

    id: int
    name: str
    price_retail: Price = None
    qty_retail: int = 0
    price_buy: Price = None
    qty_buying: int = 0
    is_foil: str | bool = "false"
    sku: str = ""
    scryfall_id: str | None = None
    variation: str | None = None
    edition: str | None = None
    condition_values: Grades | None = None

    @property
    def finish(self) -> str:
        """Return the finish: etched cards are only told by their variation."""
        if str(self.is_foil).lower() != "true":
            return Finish.NONFOIL.value
        return Finish.ETCHED.value if "etched" in (self.variation or "").lower() else Finish.FOIL.value


class Meta(msgspec.Struct):
    """When the list was made (its zone is not stated) and what its addresses are relative to."""

    created_at: str = ""
    base_url: str = ""


class PriceList(msgspec.Struct):
    """The envelope; rows stay raw so that one bad row costs one row."""

    data: list[msgspec.Raw]
    meta: Meta = msgspec.field(default_factory=Meta)


_list_decoder: Final = msgspec.json.Decoder(PriceList)
_row_decoder: Final = msgspec.json.Decoder(ListRow)


def parse_card_kingdom(content: bytes) -> ParsedPrices:
    """Read a price list in any of its forms: the store's JSON, or an archive's CSV of stock or of changes.

    Args:
        content: the document.

    Returns:
        Lazy observations for JSON, a list for CSV. CSV articles are named by SKU in the name space `ck_sku`.
        `skipped` counts `not_buying`, `out_of_stock` and, for zero amounts, `no_price`.

    Raises:
        PriceFileError: if it is truncated, corrupt, or none of these forms.
    """
    if content.lstrip()[:1] == b"{":
        price_list = read_price_list(content)
        return price_list_prices(price_list)
    return _parse_csv(content)


def read_price_list(content: bytes) -> PriceList:
    """Read the envelope of the store's own list.

    Raises:
        PriceFileError: if it is truncated, corrupt or no price list.
    """
    try:
        return _list_decoder.decode(content)
    except msgspec.ValidationError as error:
        raise PriceFileError(None, f"This is not a Card Kingdom price list: {error}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PriceFileError(None, f"The price list is truncated or corrupt: {error}.") from error


def price_list_prices(price_list: PriceList, *, is_sealed: bool = False) -> ParsedPrices:
    """Return the prices of a list; the observations are lazy.

    Args:
        price_list: as read.
        is_sealed: it is the list of sealed products: no grades, and unopened.
    """
    parsed = ParsedPrices(SOURCE, (), created_at(price_list), len(price_list.data))
    condition = Condition.UNOPENED.value if is_sealed else Condition.NEAR_MINT.value
    parsed.observations = _list_observations(price_list, parsed, condition)
    return parsed


def list_rows(
    price_list: PriceList, on_problem: Callable[[int, str], object] = lambda row, reason: None
) -> Iterator[ListRow]:
    """Yield the readable rows; `on_problem` takes the number (from 1) and reason of each other one."""
    decode = _row_decoder.decode
    for number, raw in enumerate(price_list.data, 1):
        try:
            yield decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            on_problem(number, str(error))


def created_at(price_list: PriceList) -> datetime | None:
    """Return when the list was made, read as UTC: it names no zone, and this never dates it too late."""
    try:
        return datetime.strptime(price_list.meta.created_at, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class _Offer:
    """One amount of a row, the copies behind it, and why it is no offer without them."""

    price: Decimal | None
    copies: int
    price_type: str
    condition: str

    def is_usable(self, parsed: ParsedPrices) -> bool:
        """Tell whether it is a price with copies behind it, and count it otherwise."""
        price = self.price
        if price is None or not price.is_finite() or not 0 < price < _MAX_PRICE:
            parsed.skipped["no_price"] += 1
            return False
        if self.copies <= 0:
            is_buying = self.price_type == PriceType.BUYLIST
            parsed.skipped["not_buying" if is_buying else "out_of_stock"] += 1
            return False
        return True

    def observation(self, article: str, finish: str = "", name_space: str = "") -> Observation:
        """Return it as an observation of an article; only for a usable one."""
        return Observation(
            self.price or Decimal(0), self.price_type, CURRENCY, article, None, finish, self.condition,
            available_quantity=min(self.copies, _MAX_COUNT), name_space=name_space,
        )  # fmt: skip


def _list_observations(price_list: PriceList, parsed: ParsedPrices, condition: str) -> Iterator[Observation]:
    has_grades = condition == Condition.NEAR_MINT
    for row in list_rows(price_list, parsed.add_problem):
        offers = [
            _Offer(row.price_retail, row.qty_retail, PriceType.RETAIL.value, condition),
            _Offer(row.price_buy, row.qty_buying, PriceType.BUYLIST.value, condition),
            *(_graded(row.condition_values) if has_grades and row.condition_values else ()),
        ]
        for offer in offers:
            if offer.is_usable(parsed):
                yield offer.observation(str(row.id), row.finish)


def _graded(grades: Grades) -> Iterator[_Offer]:
    for grade, condition in GRADES:
        price, copies = getattr(grades, f"{grade}_price"), getattr(grades, f"{grade}_qty")
        if price is not None and copies > 0:  # a grade that is not sold is not worth counting
            yield _Offer(price, copies, PriceType.RETAIL.value, condition)


def _parse_csv(content: bytes) -> ParsedPrices:
    parsed = ParsedPrices(SOURCE, (), None, 0)
    found: list[Observation] = []
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        read_line = _line_reader(reader.fieldnames or ())
        for record in reader:
            parsed.rows_read += 1
            try:
                found.extend(read_line(record, parsed))
            except (ValueError, OverflowError, TypeError) as error:
                parsed.add_problem(reader.line_num, str(error))
    except (UnicodeDecodeError, csv.Error) as error:
        raise PriceFileError(None, f"The price list is truncated or corrupt: {error}.") from error
    parsed.observations = found
    times = [seen.recorded_at for seen in found if seen.recorded_at is not None]
    parsed.recorded_at = max(times, default=None)
    return parsed


Line = Mapping[str, str | None]


def _line_reader(names: object) -> Callable[[Line, ParsedPrices], Iterator[Observation]]:
    columns = set(names) if isinstance(names, list | tuple) else set()
    if columns.issuperset(_SNAPSHOT):
        return _snapshot_line
    if columns.issuperset(_CHANGES):
        return _change_line
    raise PriceFileError(
        None, "This is not a Card Kingdom price list: neither its JSON nor a known CSV form."
    )


def _snapshot_line(line: Line, parsed: ParsedPrices) -> Iterator[Observation]:
    sku, condition = _sku(line), Condition.NEAR_MINT.value
    offers = [
        _Offer(_amount(line, f"{name}_usd"), _count(line, f"{name}_qty"), price_type, condition)
        for name, price_type in _SIDES.items()
    ]
    for offer in offers:
        if offer.is_usable(parsed):
            yield offer.observation(sku, name_space=SKU_NAME_SPACE)


def _change_line(line: Line, parsed: ParsedPrices) -> Iterator[Observation]:
    price, price_type = _amount(line, "price_usd"), _SIDES.get(line["side"] or "")
    if price_type is None:
        raise ValueError(f"side is neither buy nor retail: {(line['side'] or '')[:40]!r}")
    at = datetime.fromisoformat(line["at"] or "")
    if at.tzinfo is None:
        raise ValueError("at has no time zone")
    if price <= 0:
        parsed.skipped["no_price"] += 1
        return
    yield Observation(
        price, price_type, CURRENCY, _sku(line), None, "", Condition.NEAR_MINT.value,
        recorded_at=at.astimezone(UTC), name_space=SKU_NAME_SPACE,
    )  # fmt: skip


def _sku(line: Line) -> str:
    sku = (line["sku"] or "").strip()
    if not sku or len(sku) > 40 or not sku.isprintable():
        raise ValueError(f"sku is empty or unreadable: {sku[:40]!r}")
    return sku


def _amount(line: Line, name: str) -> Decimal:
    try:
        return parse_amount((line[name] or "").strip())
    except InvalidAmount as error:
        raise ValueError(f"{name}: {error}") from error


def _count(line: Line, name: str) -> int:
    text = (line[name] or "").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise ValueError(f"{name} is no count: {text[:40]!r}")
    return int(text)
