"""The three markups of a result card that eBay serves side by side, and the placeholder card."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape
from typing import Final

MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
SCRAMBLED: Final = "".join(
    f'<span class="s-zz{index % 3}">{letter}</span>' for index, letter in enumerate("0SN07Epon9MsoIreI1dO4D")
)
"""How "Sponsored" is hidden between other letters."""


@dataclass(frozen=True, slots=True)
class Card:
    """What one result shows. `high` makes it a range; `is_sold` False: ended without a buyer."""

    number: int
    title: str
    condition: str
    price: Decimal
    postage: Decimal
    day: date | None = None
    is_sold: bool = True
    high: Decimal | None = None
    is_best_offer: bool = False
    bids: int = 0
    seller: str = ""


Money = Callable[[Decimal], str]


def dollars(amount: Decimal) -> str:
    """Return an amount as a visitor from the United States sees it."""
    return f"${amount:,.2f}"


def euros(amount: Decimal) -> str:
    """Return a dollar amount as a visitor from Germany sees it."""
    text = f"{amount * Decimal('0.92'):,.2f}"
    return "EUR " + text.translate(str.maketrans(",.", ".,"))


def placeholder() -> str:
    """Return the card that is no result: "Shop on eBay" at $20.00."""
    return (
        '<div class="su-item-card s-item-card" data-listingid="2500219655424533">'
        '<a class="su-item-card__title" href="https://www.ebay.com/itm/123456">Shop on eBay</a>'
        '<span class="su-item-card__price">$20.00</span></div>'
        '<li class="s-item"><a class="s-item__link" href="https://ebay.com/itm/123456">'
        '<div class="s-item__title">Shop on eBay</div></a><span class="s-item__price">$20.00</span></li>'
    )


def s_item(card: Card, money: Money) -> str:
    """Return the markup of 2025 and before, which is still served."""
    day = "" if card.day is None else f"{'Sold' if card.is_sold else 'Ended'}  {_day(card.day)}"
    price = money(card.price)
    if card.high is not None:
        price += f'<span class="DEFAULT"> to </span>{money(card.high)}'
    bids = f'<span class="s-item__bids s-item__bidCount">{card.bids} bids</span>' if card.bids else ""
    offer = '<span class="s-item__purchase-options">Best offer accepted</span>' if card.is_best_offer else ""
    return (
        f'<li class="s-item s-item__pl-on-bottom"><div class="s-item__wrapper clearfix">'
        f'<div class="s-item__info clearfix"><div class="s-item__caption-section">'
        f'<span class="s-item__caption--signal POSITIVE s-item__title--tag">{day}</span></div>'
        f'<a class="s-item__link" href="https://www.ebay.com/itm/{card.number}?hash=item{card.number:x}">'
        f'<div class="s-item__title"><span class="LIGHT_HIGHLIGHT">New Listing</span>'
        f"{escape(card.title)}</div>"
        f'<span class="clipped">Opens in a new window or tab</span></a>'
        f'<div class="s-item__subtitle"><span class="SECONDARY_INFO">{card.condition}</span></div>'
        f'<div class="s-item__details clearfix"><span class="s-item__price">{price}</span>{bids}{offer}'
        f'<span class="s-item__shipping s-item__logisticsCost">{_postage(card, money, "shipping")}</span>'
        f'<span class="s-item__seller-info-text">{card.seller}</span>'
        f'<span class="s-item__sep"><span role="text">{SCRAMBLED}</span></span></div></div></div></li>'
    )


def s_card(card: Card, money: Money) -> str:
    """Return the markup of 2025; attributes are not always quoted and a range is three spans."""
    day = "" if card.day is None else f"{'Sold' if card.is_sold else 'Ended'}  {_day(card.day)}"
    tag = '<span class="su-styled-text primary bold large-1 s-card__price">'
    price = f"{tag}{money(card.price)}</span>"
    if card.high is not None:
        price += f"{tag} to </span>{tag}{money(card.high)}</span>"
    rows = [f'<div class="s-card__attribute-row">{price}</div>']
    rows += [
        f'<div class="s-card__attribute-row"><span class="su-styled-text secondary large">{text}</span></div>'
        for text in _lines(card, money)
    ]
    return (
        f'<li class="s-card s-card--horizontal" data-listingid={card.number} data-view=mi:1686>'
        f'<div class="su-card-container__content"><div class="su-card-container__header">'
        f'<div class="s-card__caption"><span class="su-styled-text positive default">{day}</span></div>'
        f"<a class=s-card__link href=https://www.ebay.com/itm/{card.number}?_skw=x>"
        f'<div role=heading class=s-card__title><span class="su-styled-text primary">'
        f"{escape(card.title)}</span>"
        f"<span class=clipped>Opens in a new window or tab</span></div></a>"
        f'<div class="s-card__subtitle"><span class="su-styled-text secondary">{card.condition}</span></div>'
        "</div>"
        f'<div class="su-card-container__attributes"><div class="su-card-container__attributes__primary">'
        f'{"".join(rows)}</div><div class="su-card-container__attributes__secondary">'
        f'<span class="su-styled-text">{card.seller}</span></div></div></div></li>'
    )


def su_item_card(card: Card, money: Money) -> str:
    """Return the markup of 2026, with the day of sale in a signal."""
    day = "" if card.day is None else f"{'SOLD' if card.is_sold else 'ENDED'} {_day(card.day).upper()}"
    price = money(card.price) + (f" - {money(card.high)}" if card.high is not None else "")
    lines = "".join(
        f'<span class="su-styled-text primary default">{text}</span>' for text in _lines(card, money)
    )
    return (
        f'<li class="su-grid__item"><div class="su-item-card s-item-card" data-listingid="{card.number}">'
        '<div class="su-card-container su-card-container--horizontal">'
        '<div class="su-card-container__content">'
        f'<div class="su-card-container__header"><span class="signal signal--recent">{day}</span>'
        f'<div class="su-item-card__header"><a class="su-link su-item-card__title" '
        f'href="https://www.ebay.com/itm/{card.number}?_skw=x">{escape(card.title)}</a></div>'
        f'<div class="su-item-card__subtitle"><span class="su-styled-text">{card.condition}</span></div>'
        f'<div class="su-item-card__price-container"><span class="su-styled-text primary bold medium '
        f'su-item-card__price">{price}</span></div></div><div class="su-card-container__attributes">'
        f'<div class="su-card-container__attributes__primary">{lines}</div>'
        f'<div class="su-card-container__attributes__secondary"><span class="su-styled-text default">'
        f"{card.seller} 98.6% positive (69)</span></div></div></div></div></div></li>"
    )


GENERATIONS: Final[tuple[Callable[[Card, Money], str], ...]] = (s_item, s_card, su_item_card)


def _lines(card: Card, money: Money) -> list[str]:
    lines = ["Best offer accepted"] if card.is_best_offer else []
    lines.append(_postage(card, money, "delivery"))
    return [*lines, f"{card.bids} bids"] if card.bids else lines


def _postage(card: Card, money: Money, word: str) -> str:
    return f"+{money(card.postage)} {word}" if card.postage else f"Free {word}"


def _day(day: date) -> str:
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"
