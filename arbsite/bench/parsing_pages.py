"""Pages for the scenario `parsing`: as large as the venues', with much around what is read. Invented."""

import random

ICONS = ("heart", "star", "truck", "clock", "shield", "share")


def ebay_page(*, cards: int, seed: int = 1) -> str:
    """Return a page of sold listings in the three markups by turns.

    Args:
        cards: how many; about 3 kB each.
        seed: the same gives the same page.
    """
    rng = random.Random(seed)  # noqa: S311 - a page, no secret
    rows = "".join(_card(rng, number) for number in range(cards))
    return (
        '<!DOCTYPE html><html lang="en"><head><title>amber</title></head><body>'
        '<input name="_nkw" value="amber archive booster box"><ul class="srp-results srp-list clearfix">'
        f"{rows}</ul></body></html>"
    )


def amazon_page(*, size: int, seed: int = 1) -> str:
    """Return a product page with its price in the middle.

    Args:
        size: characters, about.
        seed: the same gives the same page.
    """
    rng = random.Random(seed)  # noqa: S311 - a page, no secret
    block = _noise(rng)
    around = "".join(_noise(rng) for _ in range(max(size // len(block) // 2, 1)))
    return (
        '<!doctype html><html lang="en-us"><head><title>Amber</title></head><body>'
        '<span id="productTitle"> Amber Archive Booster Box </span>'
        f'<input type="hidden" name="ASIN" value="B0AMBER001">{around}'
        '<div id="corePriceDisplay_desktop_feature_div"><div><span class="a-price priceToPay">'
        '<span class="a-offscreen">$459.90</span><span aria-hidden="true"><span class="a-price-symbol">$'
        '</span><span class="a-price-whole">459<span class="a-price-decimal">.</span></span>'
        '<span class="a-price-fraction">90</span></span></span></div></div>'
        f'<div id="availability"><span> In Stock </span></div>{around}</body></html>'
    )


def _noise(rng: random.Random) -> str:
    """Return what surrounds everything: tracking, icons, hidden labels."""
    return "".join(
        f'<div class="x-media x-media--{icon}" data-view="mi:1686|iid:{rng.randrange(10**9)}" '
        f'data-track="{rng.randrange(10**12):x}"><span class="clipped su-styled-text secondary default">'
        f'{icon}</span><i class="icon icon--{icon}" aria-hidden="true"></i></div>'
        for icon in ICONS
    )


def _card(rng: random.Random, index: int) -> str:
    number = 300_000_000_000 + index
    facts = {
        "number": number,
        "price": f"${rng.randrange(100, 900)}.{rng.randrange(100):02d}",
        "day": rng.randrange(1, 20),
        "title": f"Amber Archive Booster Box {index} sealed",
        "noise": _noise(rng),
        "link": f"https://www.ebay.com/itm/{number}?_skw=amber",
    }
    return _MARKUPS[index % len(_MARKUPS)].format(**facts)


_MARKUPS = (
    '<li class="s-item s-item__pl-on-bottom"><div class="s-item__wrapper">{noise}<div class="s-item__info">'
    '<div class="s-item__title--tag"><span class="POSITIVE">Sold  Nov {day}, 2026</span></div>'
    '<a class="s-item__link" href="{link}"><div class="s-item__title"><span role="heading">{title}</span>'
    '</div></a><div class="s-item__subtitle"><span>Brand New</span></div><div class="s-item__details">'
    '<div class="s-item__detail s-item__detail--primary"><span class="s-item__price">{price}</span></div>'
    '<div class="s-item__detail"><span class="s-item__shipping">+$8.00 delivery</span></div>{noise}</div>'
    "</div></div></li>",
    '<li class="s-card s-card--horizontal" data-listingid={number}>{noise}<div class="s-card__caption">'
    '<span>Sold  Nov {day}, 2026</span></div><a class="s-card__link" href="{link}">'
    '<div class="s-card__title"><span>{title}</span></div></a><div class="s-card__subtitle">'
    '<span>Brand New</span></div><div class="su-card-container__attributes__primary">'
    '<div class="s-card__attribute-row"><span class="s-card__price">{price}</span></div>'
    '<div class="s-card__attribute-row"><span>Free delivery</span></div></div>{noise}</li>',
    '<li class="su-grid__item"><div class="su-item-card s-item-card" data-listingid="{number}">{noise}'
    '<span class="signal signal--recent">SOLD NOV {day}, 2026</span>'
    '<a class="su-link su-item-card__title" href="{link}">{title}</a>'
    '<div class="su-item-card__subtitle">Brand New</div><div class="su-item-card__price-container">'
    '<span class="su-item-card__price">{price}</span></div>'
    '<div class="su-card-container__attributes__primary"><span>Free delivery</span></div>{noise}</div></li>',
)
