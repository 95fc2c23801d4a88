"""How likely an outside article and a product of the catalogue are the same: a score with its reasons.

Pure text comparison, used for suggestions only: nothing is ever joined by name. Two articles that contradict
each other (another number, language, game or kind) have no score at all.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from difflib import SequenceMatcher
from typing import Final, TypeVar

Key = TypeVar("Key")

SINGLE_WEIGHTS: Final = {"name": 50, "set": 25, "number": 15, "language": 5, "type": 5}
SEALED_WEIGHTS: Final = {"name": 60, "set": 30, "number": 0, "language": 5, "type": 5}
SIMILAR: Final = 0.8  # words less alike than this are different words
FILLERS: Final = frozenset(
    {"a", "an", "the", "of", "and", "magic", "gathering", "mtg", "card", "cards", "tcg"}
)
PARTLY: Final = Decimal("0.8")  # of a weight, for what agrees but for words or spelling
OTHER_SET: Final = 25  # taken off where both name a set and it is not the same
ALREADY_KNOWN: Final = 15  # taken off a product that the source knows under another id
LEAST: Final = Decimal("0.60")  # a suggestion scores at least this …
LEAD: Final = Decimal("0.05")  # … and this much more than the next best

_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_NOT_WORD = re.compile(r"[\W_]+")
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Described:
    """What is known of an article; empty text means not known."""

    name: str
    set_name: str = ""
    set_code: str = ""
    number: str = ""
    language: str = ""
    product_type: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class MatchScore:
    """How alike two articles are: 0 to 1 in hundredths, rounded down, and why."""

    score: Decimal
    reasons: tuple[str, ...]


def normalised(text: str) -> str:
    """Return text without case, accents and punctuation, `&` spelled out, words separated by one space."""
    plain = unicodedata.normalize("NFKD", text.replace("&", " and "))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter)).casefold()
    return _NOT_WORD.sub(" ", letters.replace("'", "").replace("’", "")).strip()


def base_name(name: str) -> str:
    """Return a name without what stands in brackets, such as "(Borderless)"."""
    return " ".join(_ASIDE.sub(" ", name).split())


def score_match(
    article: Described, product: Described, *, is_known_otherwise: bool = False
) -> MatchScore | None:
    """Score a product as the match of an outside article; None if they contradict each other.

    Args:
        article: as the source describes it.
        product: as the catalogue does.
        is_known_otherwise: the source already knows the product under another id.
    """
    if _contradict(article, product):
        return None
    weights = SEALED_WEIGHTS if product.product_type == "sealed" else SINGLE_WEIGHTS
    name = _name_share(article.name, product.name)
    if name is None:
        return None
    parts = [name, _set_share(article, product)]
    total = name[0] * weights["name"] + max(parts[1][0], Decimal(0)) * weights["set"]
    if parts[1][0] < 0:
        total -= OTHER_SET
    for what in ("number", "language", "type"):
        has_both = _both(article, product, what)
        total += weights[what] if has_both else 0
        if weights[what]:
            parts.append((Decimal(int(has_both)), f"same {what}" if has_both else f"{what} not compared"))
    reasons = [reason for _, reason in parts]
    if is_known_otherwise:
        total -= ALREADY_KNOWN
        reasons.append("the source knows this product under another id")
    score = (max(Decimal(total), Decimal(0)) / 100).quantize(_HUNDREDTH, rounding=ROUND_FLOOR)
    return MatchScore(score, tuple(reasons))


def best_match(scores: Mapping[Key, MatchScore]) -> Key | None:
    """Return the key of the one clear best score; None if it is too low or another comes near it."""
    ranked = sorted(scores, key=lambda key: -scores[key].score)
    if not ranked or scores[ranked[0]].score < LEAST:
        return None
    if len(ranked) > 1 and scores[ranked[0]].score - scores[ranked[1]].score < LEAD:
        return None
    return ranked[0]


def _contradict(article: Described, product: Described) -> bool:
    pairs = (
        (_plain_number(article.number), _plain_number(product.number)),
        (normalised(article.language), normalised(product.language)),
        (article.product_type, product.product_type),
        (article.category, product.category),
    )
    return any(one and other and one != other for one, other in pairs)


def _both(article: Described, product: Described, what: str) -> bool:
    names = {"number": "number", "language": "language", "type": "product_type"}
    return bool(getattr(article, names[what]) and getattr(product, names[what]))


def _name_share(article: str, product: str) -> tuple[Decimal, str] | None:
    one, other = normalised(article), normalised(product)
    if not one or not other:
        return None
    if one == other:
        return Decimal(1), "same name"
    if normalised(base_name(article)) == normalised(base_name(product)) != "":
        return PARTLY, "same name but for what is in brackets"
    if not _differ_in_spelling_only(one, other):
        return None
    likeness = SequenceMatcher(None, one, other, autojunk=False).ratio()
    return PARTLY * Decimal(f"{likeness:.2f}"), f"similar name ({likeness:.0%})"


def _differ_in_spelling_only(one: str, other: str) -> bool:
    """Say whether names have the same words but for fillers and misspellings: Draft Box is no Set Box."""
    left, right = set(one.split()) - FILLERS, set(other.split()) - FILLERS
    rest = sorted(right - left)
    for word in sorted(left - right):
        likeness = {known: SequenceMatcher(None, word, known, autojunk=False).ratio() for known in rest}
        nearest = max(likeness, key=lambda known: likeness[known], default=None)
        if nearest is None or likeness[nearest] < SIMILAR or word.isdigit():
            return False
        rest.remove(nearest)
    return not rest


def _set_share(article: Described, product: Described) -> tuple[Decimal, str]:
    """Return the share of the set's weight, negative where the sets are different ones."""
    if article.set_code and article.set_code.casefold() == product.set_code.casefold():
        return Decimal(1), "same set code"
    one, other = normalised(article.set_name), normalised(product.set_name)
    if not one or not other:
        return Decimal(0), "set not compared"
    if one == other:
        return Decimal(1), "same set"
    if sorted(one.split()) == sorted(other.split()):
        return PARTLY, "set of the same words"
    return Decimal(-1), f"another set ({product.set_name})"


def _plain_number(number: str) -> str:
    """Return a collector number without what it is out of and without leading zeros: 012/102 is 12."""
    return number.partition("/")[0].strip().lstrip("0").casefold()
