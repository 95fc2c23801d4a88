"""Random amounts, fee schedules and small sealed contents."""

from hypothesis import strategies as st

from quant.fees import FeeBase, FeeComponent, FeeKind, FeeSchedule, Surcharge, Threshold, Tier
from quant.sealed.contents import Alternative, Choice, Contents, Pack, PackConfiguration, SheetDraw

CARDS = "abcd"

prices = st.decimals(min_value=0, max_value=5000, places=2)
positive_prices = st.decimals(min_value="0.01", max_value=5000, places=2)
rates = st.decimals(min_value=0, max_value=1, places=4)
amounts = st.decimals(min_value=0, max_value=100, places=2)
card_cents = st.fixed_dictionaries({card: st.integers(0, 40) for card in CARDS})
card_prices = st.fixed_dictionaries(dict.fromkeys(CARDS, positive_prices))


@st.composite
def sheets(draw, name="sheet"):
    cards = draw(st.lists(st.sampled_from(CARDS), min_size=1, max_size=3, unique=True))
    weights = draw(st.lists(st.integers(1, 4), min_size=len(cards), max_size=len(cards)))
    kind = draw(st.sampled_from(["distinct", "distinct", "duplicates", "fixed"]))
    most = len(cards) if kind == "distinct" else 2
    return SheetDraw(
        name=name,
        cards=tuple(cards),
        weights=tuple(weights),
        draws=draw(st.integers(1, min(most, 2))),
        allow_duplicates=kind == "duplicates",
        is_fixed=kind == "fixed",
    )


@st.composite
def packs(draw, name="pack"):
    configurations = []
    for _ in range(draw(st.integers(1, 2))):
        names = [f"sheet {number}" for number in range(draw(st.integers(1, 2)))]
        configurations.append(
            PackConfiguration(draw(st.integers(1, 5)), tuple(draw(sheets(name=sheet)) for sheet in names))
        )
    return Pack(name, tuple(configurations))


counted_cards = st.lists(st.tuples(st.sampled_from(CARDS), st.integers(1, 3)), max_size=2).map(tuple)


@st.composite
def contents(draw, depth=1):
    """Small enough to enumerate: one kind of pack, choices of up to three alternatives, nested once."""
    inner = contents(depth=depth - 1) if depth else st.nothing()
    return Contents(
        cards=draw(counted_cards),
        packs=tuple((draw(packs()), draw(st.integers(1, 2))) for _ in range(draw(st.integers(0, 1)))),
        choices=tuple((draw(choices(depth)), 1) for _ in range(draw(st.integers(0, 1)) if depth else 0)),
        nested=draw(st.lists(st.tuples(inner, st.integers(1, 2)), max_size=1).map(tuple)) if depth else (),
    )


@st.composite
def choices(draw, depth):
    alternatives = tuple(
        Alternative(draw(st.integers(1, 4)), draw(contents(depth=depth - 1)))
        for _ in range(draw(st.integers(1, 3)))
    )
    with_replacement = draw(st.booleans())
    most = 2 if with_replacement else len(alternatives)
    return Choice(draw(st.integers(1, most)), with_replacement, alternatives)


@st.composite
def fee_components(draw, name="fee"):
    kind = draw(st.sampled_from(FeeKind))
    limit = draw(st.decimals(min_value="0.01", max_value=1000, places=2))
    return FeeComponent(
        name=name,
        kind=kind,
        base=draw(st.sampled_from(FeeBase)),
        rate=draw(rates) if kind is FeeKind.RATE else None,
        tiers=(Tier(limit, draw(rates)), Tier(None, draw(rates))) if kind is FeeKind.TIERS else (),
        amount=draw(amounts) if kind is FeeKind.FIXED else None,
        includes=draw(st.frozensets(st.sampled_from(Surcharge))),
        cap=draw(st.none() | amounts),
        threshold=draw(st.none() | st.builds(Threshold, at_least=amounts)),
    )


@st.composite
def fee_schedules(draw):
    return FeeSchedule(
        currency="EUR",
        components=tuple(draw(st.lists(fee_components(), max_size=3))),
        postage_per_order=draw(amounts),
        packing_per_order=draw(amounts),
    )
