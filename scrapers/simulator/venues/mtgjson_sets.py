"""MTGJSON's set documents: those of the world with the articles' identifiers filled in, or plausible ones."""

from collections.abc import Mapping
from typing import Any, Final

from scrapers.simulator.world import JsonObject, SimulatedArticle, SimulatedSet, World

NAMES: Final = {
    "mcm": "mcmId", "tcgplayer": "tcgplayerProductId", "scryfall": "scryfallId", "ck": "cardKingdomId",
    "ck_foil": "cardKingdomFoilId",
}  # fmt: skip
"""Our name space -> MTGJSON's name of the identifier."""

PACKS_IN_BOX: Final = 30
SLOTS: Final = {"common": 7, "uncommon": 3, "rare": 1, "mythic": 1}


def set_documents(world: World) -> Mapping[str, JsonObject]:
    """Return the documents of all Magic sets by code."""
    by_uuid = {one.ids["mtgjson"]: one for one in world.articles if "mtgjson" in one.ids}
    if world.mtgjson_sets:
        return {code: _completed(document, by_uuid) for code, document in world.mtgjson_sets.items()}
    return {one.code: _written(one) for one in world.sets if one.category == "mtg"}


def identifiers(article: SimulatedArticle) -> dict[str, str]:
    """Return an article's identifiers under MTGJSON's names."""
    return {NAMES[source]: value for source, value in article.ids.items() if source in NAMES}


def _completed(document: JsonObject, by_uuid: Mapping[str, SimulatedArticle]) -> JsonObject:
    """Return a copy of a set's document whose cards and sealed products carry all known identifiers."""
    completed = dict(document)
    for member in ("cards", "sealedProduct"):
        rows: Any = document.get(member) or []
        completed[member] = [_with_identifiers(row, by_uuid) for row in rows]
    return completed


def _with_identifiers(row: dict[str, Any], by_uuid: Mapping[str, SimulatedArticle]) -> dict[str, Any]:
    article = by_uuid.get(str(row.get("uuid")))
    if article is None:
        return row
    return {**row, "identifiers": {**(row.get("identifiers") or {}), **identifiers(article)}}


def _written(one: SimulatedSet) -> JsonObject:
    """Return a document for a set of the world: play boosters by rarity, boxes of them, bundles."""
    released_on = one.released_on.isoformat()
    cards = [article for article in one.cards if "mtgjson" in article.ids]
    sealed = [article for article in one.sealed if "mtgjson" in article.ids]
    return {
        "code": one.code, "name": one.name, "releaseDate": released_on, "type": "expansion", "tokens": [],
        "cards": [_card(article) for article in cards],
        "booster": {"play": _booster(one.code, cards)} if cards else {},
        "sealedProduct": [_sealed(article, sealed, released_on) for article in sealed],
        "decks": [],
    }  # fmt: skip


def _card(article: SimulatedArticle) -> JsonObject:
    return {
        "uuid": article.ids["mtgjson"], "name": article.name, "setCode": article.set_code,
        "number": article.number, "rarity": article.rarity, "language": "English",
        "finishes": list(article.finishes), "identifiers": identifiers(article),
    }  # fmt: skip


def _booster(code: str, cards: list[SimulatedArticle]) -> JsonObject:
    sheets: dict[str, JsonObject] = {}
    for rarity in SLOTS:
        uuids = {card.ids["mtgjson"]: 1 for card in cards if card.rarity == rarity}
        if uuids:
            sheets[rarity] = {"cards": uuids, "foil": False, "totalWeight": len(uuids)}
    return {
        "name": f"{code} Play Booster", "sheets": sheets, "sourceSetCodes": [code], "boostersTotalWeight": 1,
        "boosters": [{"contents": {name: SLOTS[name] for name in sheets}, "weight": 1}],
    }  # fmt: skip


def _sealed(article: SimulatedArticle, siblings: list[SimulatedArticle], released_on: str) -> JsonObject:
    return {
        "uuid": article.ids["mtgjson"], "name": article.name, "category": article.sealed_kind,
        "subtype": article.sealed_subtype, "releaseDate": released_on, "language": "English",
        "identifiers": identifiers(article), "purchaseUrls": {},
        "contents": _contents(article, siblings),
    }  # fmt: skip


def _contents(article: SimulatedArticle, siblings: list[SimulatedArticle]) -> JsonObject:
    code = article.set_code.lower()
    if article.sealed_kind == "booster_pack":
        return {"pack": [{"code": "play", "set": code}]}
    pack = next((one for one in siblings if one.sealed_kind == "booster_pack"), None)
    if pack is None:
        return {"other": [{"name": "Invented contents"}]}
    count = PACKS_IN_BOX if article.sealed_kind == "booster_box" else 9
    line = {"count": count, "name": pack.name, "set": code, "uuid": pack.ids["mtgjson"]}
    return {"sealed": [line]}
