"""What every sealed product of the invented market costs: its worth when opened, bent by the part it plays.

Most products are not worth opening. Some are, with thin or wide margins, calm or nervous prices, few or many
sellers; one is too good to be true, and a handful carry a price that is simply wrong.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from .market import (
    SCALES,
    Behaviour,
    Card,
    Contents,
    Deck,
    DemoSet,
    Listing,
    Maker,
    Market,
    Pack,
    Sealed,
    Size,
    Trap,
    themes_of,
)
from .products import make_set

Net = Callable[[float], float]

LEAST_PRICE = 1.50
WORTH_OF_TOO_GOOD = 40.0
PARCEL, LETTER, PARCEL_FROM = (
    4.90,
    1.60,
    30.0,
)  # inbound shipping in EUR, and the cost from which it is a parcel
RELEASES = ("2025-02-07", "2025-04-11", "2025-06-13", "2025-08-01", "2025-09-26", "2025-11-14")


@dataclass(frozen=True, slots=True)
class Part:
    """A part a sealed product plays: its range of net margins and how its price and offers behave."""

    name: str
    share: float
    margins: tuple[float, float]
    volatility: tuple[float, float]
    sellers: tuple[int, int]
    sales: tuple[float, float]


PARTS = (
    Part("steady", 0.06, (0.55, 1.20), (0.004, 0.009), (1, 3), (2.0, 5.0)),
    Part("fair", 0.09, (0.34, 0.62), (0.008, 0.018), (2, 8), (0.6, 2.5)),
    Part("thin", 0.10, (0.05, 0.28), (0.006, 0.016), (4, 30), (0.2, 2.0)),
    Part("wild", 0.05, (0.35, 1.10), (0.055, 0.085), (10, 40), (0.1, 0.8)),
    Part("not worth opening", 1.0, (-0.68, -0.10), (0.006, 0.030), (5, 60), (0.1, 3.0)),
)
TOO_GOOD = Part("too good to be true", 0.0, (3.4, 3.6), (0.004, 0.008), (1, 1), (0.5, 1.0))
TRAPPED = Part("trap", 0.0, (-0.5, -0.1), (0.008, 0.02), (1, 12), (0.1, 0.8))


def seller_net(price: float) -> float:
    """Return about what a seller keeps of a single in EUR: less 5 % commission, and nothing of bulk.

    The analysis uses the real, dated fee schedule; this only places the invented prices.
    """
    return price * 0.95 if price >= 1.0 else 0.0


def build_market(size: Size, seed: int) -> Market:
    """Build the whole invented market of a size from a seed."""
    maker = Maker(seed)
    scale = SCALES[size]
    sets = tuple(
        make_set(maker, theme, scale, released_on=released_on)
        for theme, released_on in zip(themes_of(scale), RELEASES, strict=False)
    )
    return Market(
        size=size, seed=seed, days=scale.days, sets=sets, listings=tuple(make_listings(maker, sets))
    )


def make_listings(maker: Maker, sets: Sequence[DemoSet]) -> Iterator[Listing]:
    """Give every sealed product a part and the price that goes with it."""
    products = [product for demo_set in sets for product in demo_set.sealed]
    worth = _Worth(seller_net)
    order = list(range(len(products)))
    maker.random.shuffle(order)
    dear = next(index for index in order if worth.of(products[index]) >= WORTH_OF_TOO_GOOD)
    order.remove(dear)
    order.insert(0, dear)  # a cheap product could not be priced low enough
    parts = dict(zip(order, _parts(len(products)), strict=True))
    for index, product in enumerate(products):
        part, trap = parts[index]
        yield _listing(maker, product, worth.of(product), part, trap)


def _parts(count: int) -> Iterator[tuple[Part, Trap | None]]:
    """Deal the parts: the traps and the one too good to be true first, then by share, then the rest."""
    yield TOO_GOOD, None
    dealt = 1
    for trap in Trap:
        yield TRAPPED, trap
        dealt += 1
    for part in PARTS[:-1]:
        for _ in range(round(part.share * count)):
            yield part, None
            dealt += 1
    for _ in range(count - dealt):
        yield PARTS[-1], None


def _listing(maker: Maker, product: Sealed, worth: float, part: Part, trap: Trap | None) -> Listing:
    chance = maker.random
    margin = chance.uniform(*part.margins)
    cost = worth / (1 + margin)
    shipping = PARCEL if cost >= PARCEL_FROM else LETTER
    return Listing(
        product=product,
        price=round(max(cost - shipping, LEAST_PRICE), 2),
        shipping=shipping,
        behaviour=Behaviour(
            volatility=chance.uniform(*part.volatility),
            sellers=chance.randint(*part.sellers),
            sales_per_day=chance.uniform(*part.sales),
            stock=chance.randint(6, 60),
        ),
        profile=part.name,
        trap=trap,
    )


class _Worth:
    """Expected value of opening a product, counting each single at what `net` leaves of its price."""

    def __init__(self, net: Net) -> None:
        self.net = net
        self._known: dict[Sealed, float] = {}

    def of(self, product: Sealed) -> float:
        """Return the expected net value in EUR."""
        if product not in self._known:
            self._known[product] = self._contents(product.contents)
        return self._known[product]

    def _contents(self, contents: Contents) -> float:
        total = sum(self._card(card, is_foil=is_foil) for card, is_foil in contents.cards)
        total += sum(self._deck(deck) for deck in contents.decks)
        total += sum(self._pack(pack) for pack in contents.packs)
        total += sum(self.of(child) * count for child, count in contents.sealed)
        if contents.one_of:
            values = [
                self._deck(item) if isinstance(item, Deck) else self._card(item, is_foil=False)
                for item in contents.one_of
            ]
            total += sum(values) / len(values)
        return total

    def _card(self, card: Card, *, is_foil: bool) -> float:
        return self.net(card.foil_price if is_foil else card.price)

    def _deck(self, deck: Deck) -> float:
        return sum(self._card(card, is_foil=is_foil) * count for card, count, is_foil in deck.lines)

    def _pack(self, pack: Pack) -> float:
        average = {
            sheet.name: sum(
                self._card(card, is_foil=sheet.is_foil) * weight for card, weight in sheet.weights.items()
            )
            / sheet.total
            for sheet in pack.sheets
        }
        weights = sum(weight for _, weight in pack.configurations)
        return sum(
            weight / weights * sum(count * average[name] for name, count in draws.items())
            for draws, weight in pack.configurations
        )
