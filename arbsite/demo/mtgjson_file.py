"""Writes the invented catalogue as an MTGJSON v5 file, the format `catalog.importers.mtgjson` reads."""

import gzip
from datetime import date
from pathlib import Path

import msgspec

from .identifiers import card_ids, sealed_ids
from .market import Card, Contents, Deck, DemoSet, Market, Pack, Sealed

FILE_NAME = "AllPrintings.json.gz"

FIELDS = {
    "mcm": "mcmId",
    "tcgplayer": "tcgplayerProductId",
    "scryfall": "scryfallId",
    "ck": "cardKingdomId",
    "ck_foil": "cardKingdomFoilId",
}
"""Name space -> MTGJSON's name of the identifier."""

JsonObject = dict[str, object]


def write_catalogue(market: Market, folder: Path, *, dated: date) -> Path:
    """Write the whole catalogue into a folder and return the file's path."""
    path = folder / FILE_NAME
    path.write_bytes(
        gzip.compress(msgspec.json.encode(catalogue(market, dated=dated)), compresslevel=1, mtime=0)
    )
    return path


def catalogue(market: Market, *, dated: date) -> JsonObject:
    """Return the catalogue as MTGJSON's `{meta, data}`."""
    return {
        "meta": {"date": dated.isoformat(), "version": "5.2.2+demo"},
        "data": {demo_set.code: _set(demo_set) for demo_set in market.sets},
    }


def _set(demo_set: DemoSet) -> JsonObject:
    return {
        "code": demo_set.code,
        "name": demo_set.name,
        "releaseDate": demo_set.released_on,
        "type": "expansion",
        "cards": [_card(card) for card in demo_set.cards],
        "tokens": [],
        "booster": {pack.code: _pack(pack, demo_set) for pack in demo_set.packs},
        "sealedProduct": [_sealed(product, demo_set) for product in demo_set.sealed],
        "decks": [_deck(deck, demo_set) for deck in demo_set.decks],
    }


def _card(card: Card) -> JsonObject:
    return {
        "uuid": str(card.uuid),
        "name": card.name,
        "setCode": card.set_code,
        "number": str(card.number),
        "rarity": card.rarity,
        "language": "English",
        "finishes": ["nonfoil", "foil"] if card.foil_factor else ["nonfoil"],
        "identifiers": _identifiers(card_ids(card)),
    }


def _identifiers(ids: dict[str, str]) -> JsonObject:
    return {FIELDS[space]: key for space, key in ids.items() if space in FIELDS}


def _pack(pack: Pack, demo_set: DemoSet) -> JsonObject:
    return {
        "name": f"{demo_set.name} {pack.code.capitalize()} Booster",
        "boosters": [{"contents": dict(draws), "weight": weight} for draws, weight in pack.configurations],
        "boostersTotalWeight": sum(weight for _, weight in pack.configurations),
        "sheets": {
            sheet.name: {
                "cards": {str(card.uuid): weight for card, weight in sheet.weights.items()},
                "foil": sheet.is_foil,
                "totalWeight": sheet.total,
            }
            for sheet in pack.sheets
        },
        "sourceSetCodes": [demo_set.code],
    }


def _deck(deck: Deck, demo_set: DemoSet) -> JsonObject:
    lines = [
        {"uuid": str(card.uuid), "count": count, "isFoil": is_foil, "isEtched": False}
        for card, count, is_foil in deck.lines
    ]
    leads = 1 if deck.kind == "Commander Deck" else 0
    return {
        "code": demo_set.code,
        "name": deck.name,
        "type": deck.kind,
        "releaseDate": demo_set.released_on,
        "sealedProductUuids": None,
        "commander": lines[:leads],
        "mainBoard": lines[leads:],
        "sideBoard": [],
        "displayCommander": [],
    }


def _sealed(product: Sealed, demo_set: DemoSet) -> JsonObject:
    return {
        "uuid": str(product.uuid),
        "name": product.name,
        "category": product.category,
        "subtype": product.subtype,
        "releaseDate": demo_set.released_on,
        "language": "English",
        "identifiers": _identifiers(sealed_ids(product)),
        "purchaseUrls": {},
        "contents": _contents(product.contents, demo_set.code.lower()),
    }


def _contents(contents: Contents, code: str) -> JsonObject:
    parts: JsonObject = {
        "card": [_card_line(card, code, is_foil=is_foil) for card, is_foil in contents.cards],
        "deck": [{"name": deck.name, "set": code} for deck in contents.decks],
        "pack": [{"code": pack.code, "set": code} for pack in contents.packs],
        "sealed": [
            {"count": count, "name": child.name, "set": code, "uuid": str(child.uuid)}
            for child, count in contents.sealed
        ],
        "other": [{"name": name} for name in contents.others],
        "variable": [{"configs": [_alternative(item, code)]} for item in contents.one_of],
    }
    return {kind: lines for kind, lines in parts.items() if lines}


def _alternative(item: Deck | Card, code: str) -> JsonObject:
    if isinstance(item, Deck):
        return {"deck": [{"name": item.name, "set": code}]}
    return {"card": [_card_line(item, code, is_foil=False)]}


def _card_line(card: Card, code: str, *, is_foil: bool) -> JsonObject:
    line: JsonObject = {"name": card.name, "number": str(card.number), "set": code, "uuid": str(card.uuid)}
    if is_foil:
        line["foil"] = True
    return line
