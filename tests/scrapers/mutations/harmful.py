"""Changes that could make a wrong price: whatever a parser makes of them, none may be stored.

An amount that is changed everywhere, in the venue's own form and by less than the bounds of
`pricing.quality`, is a price move as far as anybody can tell. So amounts are changed by more than that, or
change their form, or contradict something else in the answer.
"""

import json
import random
import re
from collections.abc import Callable
from decimal import Decimal

from .sample import Mutation, Sample

OTHER_CURRENCIES = ("EUR", "GBP", "JPY", "XXX", "usd", "", "€", "£", "C $", "HKD ")
ARABIC = {ord("0") + digit: 0x0660 + digit for digit in range(10)}
BLOCK_PAGE = (
    "<html><head><title>Pardon Our Interruption...</title></head><body><p>As you were browsing something"
    " about your browser made us think you were a bot.</p><b>$9.99</b></body></html>"
)


def _amount_change(name: str, change: Callable[[str, random.Random], object]) -> Mutation:
    """Make a mutation that changes amounts: one place where they stand, or all at once."""

    def mutate(sample: Sample, rng: random.Random) -> bytes | None:
        amount = rng.choice(sample.written_amounts)
        new = change(amount, rng)
        if sample.is_json:
            return _replace_leaves(sample, rng, lambda leaf: _is_amount(leaf, amount), new)
        return _replace_text(sample.body.decode(), amount, str(new), rng)

    mutate.__name__ = name
    return mutate


def _scaled(amount: str, factor: str) -> str:
    number = Decimal(amount.replace(",", "")) * Decimal(factor)
    return f"{number:,.2f}" if "," in amount else f"{number.quantize(Decimal('0.01')):f}"


def _one_digit_less(amount: str, rng: random.Random, *, is_strict: bool) -> str:
    end = len(amount) if is_strict else len(amount.partition(".")[0])
    places = [index for index in range(end) if amount[index].isdigit()]
    place = rng.choice(places)
    return (amount[:place] + amount[place + 1 :]).lstrip(",") or "0"


def digits_dropped(sample: Sample, rng: random.Random) -> bytes | None:
    amount = rng.choice(sample.written_amounts)
    less = _one_digit_less(amount, rng, is_strict=sample.has_strict_decimals)
    if not sample.is_json:
        return _replace_text(sample.body.decode(), amount, less, rng)
    new = less if _is_written_as_text(sample, amount) else _number(less)
    return _replace_leaves(sample, rng, lambda leaf: _is_amount(leaf, amount), new)


def separators_moved(sample: Sample, rng: random.Random) -> bytes | None:
    amount = rng.choice(sample.written_amounts)
    digits = re.sub(r"[^0-9]", "", amount)
    place = rng.randrange(1, len(digits))
    moved = digits[:place] + rng.choice((".", ",", "'", " ", "\u00a0", "")) + digits[place:]
    if re.sub(r"[^0-9.]", "", moved).strip(".") == amount.replace(",", ""):
        return None
    if sample.is_json:
        return _replace_leaves(sample, rng, lambda leaf: _is_amount(leaf, amount), moved)
    return _replace_text(sample.body.decode(), amount, moved, rng)


def currency_swapped(sample: Sample, rng: random.Random) -> bytes | None:
    if not sample.currency:
        return None
    other = rng.choice([code for code in OTHER_CURRENCIES if code.strip() != sample.currency])
    if sample.is_json:
        return _replace_leaves(sample, rng, lambda leaf: leaf == sample.currency, other.strip())
    return _replace_text(sample.body.decode(), sample.currency, other, rng)


def other_id(sample: Sample, rng: random.Random) -> bytes | None:
    """Let the answer be about another article, which the catalogue knows too."""
    other = other_id_of(sample)
    if sample.is_json:
        text = sample.body.decode()
        return _replace_text(text, sample.asked, other, rng)
    return _replace_text(sample.body.decode(), sample.asked, other, rng)


def other_id_of(sample: Sample) -> str:
    """Return an id of the same form."""
    last = sample.asked[-1]
    return sample.asked[:-1] + ("7" if last != "7" else "8")


def truncated(sample: Sample, rng: random.Random) -> bytes | None:
    return sample.body[: rng.randrange(len(sample.body) - len(b"</html>") - 1)]


def block_page(sample: Sample, rng: random.Random) -> bytes | None:
    text = BLOCK_PAGE.encode()
    return rng.choice((text, text + sample.body[:400], b"", b"null", b"[]", b"{}", b'"blocked"'))


def price_removed(sample: Sample, rng: random.Random) -> bytes | None:
    amount = rng.choice(sample.written_amounts)
    if not sample.is_json:
        return _replace_text(sample.body.decode(), amount, "", rng)
    message = json.loads(sample.body)
    places = [place for place in _places(message) if _is_amount(_at(message, place), amount)]
    *parents, key = rng.choice(places)
    holder = _at(message, tuple(parents))
    if isinstance(holder, dict):
        del holder[key]
    return json.dumps(message).encode()


def duplicated(sample: Sample, rng: random.Random) -> bytes | None:
    """Repeat a part of the answer with other amounts."""
    factor = rng.choice(("0.1", "10", "100"))
    if not sample.is_json:
        page = sample.body.decode()
        copy = page
        for amount in sample.written_amounts:
            copy = copy.replace(amount, _scaled(amount, factor))
        inner = re.search(r"<body[^>]*>(.*)</body>", copy, re.DOTALL | re.IGNORECASE)
        addition = inner[1] if inner else copy
        return page.replace("</body>", addition + "</body>").encode()
    message = json.loads(sample.body)
    lists = [place for place in _places(message, wants_lists=True) if _at(message, place)]
    if not lists:
        return None
    rows = _at(message, rng.choice(lists))
    row = rng.choice(rows)
    copy = json.loads(json.dumps(row))
    for place in list(_places(copy)):
        for amount in sample.written_amounts:
            if _is_amount(_at(copy, place), amount):
                copy = _set(copy, place, _like(_at(copy, place), _scaled(amount, factor)))
    rows.insert(rng.randrange(len(rows) + 1), copy)
    return json.dumps(message).encode()


def type_swapped(sample: Sample, rng: random.Random) -> bytes | None:
    if not sample.is_json:
        return None
    amount = rng.choice(sample.written_amounts)
    new = rng.choice(
        ([amount], {"value": amount}, True, False, [], {}, f"${amount}", f" {amount}", f"{amount} USD")
    )
    return _replace_leaves(sample, rng, lambda leaf: _is_amount(leaf, amount), new)


def document_swapped(sample: Sample, rng: random.Random) -> bytes | None:
    """Put an object where a list is, a list where an object is, or text where either is."""
    if not sample.is_json:
        return None
    message = json.loads(sample.body)
    places = [place for place in _places(message, wants_all=True) if place]
    place = rng.choice(places)
    old = _at(message, place)
    new = rng.choice(({"0": old}, [old], None, "x", 0))
    return json.dumps(_set(message, place, new)).encode()


def opened(sample: Sample, rng: random.Random) -> bytes | None:
    """Let every offer of a sealed article be of a used, an opened or an ungraded one."""
    text = sample.body.decode()
    ebay = f'"conditionId": "{rng.choice(("1500", "2500", "3000", "4000", "7000"))}"'
    amazon = f'"value": "{rng.choice(("Used", "Collectible", "Refurbished", "Unknown"))}"'
    changed = text.replace('"conditionId": "1000"', ebay).replace('"value": "New"', amazon)
    return changed.encode() if sample.is_sealed and changed != text else None


def choice_of_finishes(sample: Sample, rng: random.Random) -> bytes | None:
    """Let a card's listing be of several cards to choose from: its price is of the cheapest of them."""
    if not sample.title:
        return None
    words = rng.choice(
        ("Foil / Non-Foil", "Non Holo or Reverse Holo", "Holo + Reverse Holo", "Etched, Nonfoil")
    )
    return sample.body.replace(sample.title.encode(), f"{sample.title} {words}".encode())


KINDS: tuple[Mutation, ...] = (
    opened,
    choice_of_finishes,
    digits_dropped,
    separators_moved,
    currency_swapped,
    other_id,
    truncated,
    block_page,
    price_removed,
    duplicated,
    type_swapped,
    document_swapped,
    _amount_change("times_100", lambda amount, rng: _scaled(amount, "100")),
    _amount_change("divided_by_100", lambda amount, rng: _scaled(amount, "0.01")),
    _amount_change("not_a_number", lambda amount, rng: rng.choice(("NaN", "Infinity", "-Infinity", "1e5"))),
    _amount_change("null", lambda amount, rng: None),
    _amount_change("zero", lambda amount, rng: rng.choice((0, "0", "0.00", ""))),
    _amount_change("negative", lambda amount, rng: f"-{amount}"),
    _amount_change("range", lambda amount, rng: f"{_scaled(amount, '0.5')} - {amount}"),
    _amount_change("sentinel", lambda amount, rng: rng.choice(("999999", "999999.99", "99999999.00"))),
    _amount_change("percent", lambda amount, rng: rng.choice((f"-4% {amount}", f"{amount}%", f"{amount}/g"))),
    _amount_change("foreign_digits", lambda amount, rng: amount.translate(ARABIC)),
)  # fmt: skip


# places in decoded JSON


def _replace_leaves(sample: Sample, rng: random.Random, fits, new: object) -> bytes | None:
    message = json.loads(sample.body)
    places = [place for place in _places(message) if fits(_at(message, place))]
    if not places:
        return None
    for place in places if rng.random() < 0.5 else [rng.choice(places)]:
        message = _set(message, place, _like(_at(message, place), new))
    return json.dumps(message).encode()


def _like(old: object, new: object) -> object:
    """Return a new amount in the type of the old one, where it has such a form."""
    if isinstance(old, (int, float)) and isinstance(new, str):
        return _number(new)
    return new


def _number(text: str) -> object:
    return float(text) if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text) else text


def _is_written_as_text(sample: Sample, amount: str) -> bool:
    return f'"{amount}"' in sample.body.decode()


def _is_amount(leaf: object, amount: str) -> bool:
    if isinstance(leaf, bool) or not isinstance(leaf, (str, int, float)):
        return False
    return str(leaf) == amount or (isinstance(leaf, (int, float)) and Decimal(str(leaf)) == Decimal(amount))


def _places(value, *, wants_lists: bool = False, wants_all: bool = False, at: tuple[object, ...] = ()):
    if isinstance(value, dict):
        if wants_all:
            yield at
        for key, item in value.items():
            yield from _places(item, wants_lists=wants_lists, wants_all=wants_all, at=(*at, key))
    elif isinstance(value, list):
        if wants_lists or wants_all:
            yield at
        for index, item in enumerate(value):
            yield from _places(item, wants_lists=wants_lists, wants_all=wants_all, at=(*at, index))
    elif not wants_lists and not wants_all:
        yield at


def _at(value, place: tuple[object, ...]):
    for key in place:
        value = value[key]
    return value


def _set(message, place: tuple[object, ...], new: object):
    if not place:
        return new
    _at(message, place[:-1])[place[-1]] = new
    return message


def _replace_text(page: str, old: str, new: str, rng: random.Random) -> bytes | None:
    count = page.count(old)
    if not count or old == new:
        return None
    if rng.random() < 0.5:
        return page.replace(old, new).encode()
    before = rng.randrange(count)
    parts = page.split(old)
    return (old.join(parts[: before + 1]) + new + old.join(parts[before + 1 :])).encode()
