"""Changes that change nothing: a parser has to read the same from the answer."""

import json
import random
import re

from .sample import Mutation, Sample

_TOKENS = re.compile(
    r"(<!--.*?-->|<script.*?</script\s*>|<!doctype[^>]*>|<[^>]+>)", re.DOTALL | re.IGNORECASE
)
_START = re.compile(r"<([a-zA-Z][\w-]*)((?:\s[^<>]*)?)>", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([^\s=/"']+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?""")


# JSON


def indented(sample: Sample, rng: random.Random) -> bytes | None:
    indent = None if sample.is_one_line else rng.choice((None, 1, 2, 7, "\t"))
    text = json.dumps(_load(sample), indent=indent, ensure_ascii=False)
    return (rng.choice(("", "\n", "  \r\n")) + text + rng.choice(("", "\n", "\t \n"))).encode()


def key_order(sample: Sample, rng: random.Random) -> bytes | None:
    return json.dumps(_walk(_load(sample), rng, _shuffled, sample.maps)).encode()


def unknown_keys(sample: Sample, rng: random.Random) -> bytes | None:
    return json.dumps(_walk(_load(sample), rng, _with_unknown, sample.maps)).encode()


def escapes(sample: Sample, rng: random.Random) -> bytes | None:
    text = json.dumps(_load(sample), ensure_ascii=True, separators=rng.choice(((",", ":"), (" , ", " : "))))
    letter = rng.choice("aeioustn")
    return re.sub(rf'(?<!\\){letter}(?=[^"]*"\s*,)', f"\\\\u{ord(letter):04x}", text, count=1).encode()


def called_plain(sample: Sample, rng: random.Random) -> bytes | None:
    """Let the seller of a plain card say that it is one."""
    if not sample.title:
        return None
    word = rng.choice(
        ("Non-Foil", "(Non Foil)", "NONFOIL", "non-holo", "Non Holo", "[Non-Holofoil]", "not foil")
    )
    place = rng.choice((f"{word} {sample.title}", f"{sample.title} {word}"))
    return sample.body.replace(sample.title.encode(), place.encode())


def _load(sample: Sample):
    return json.loads(sample.body)


def _walk(value, rng: random.Random, change, maps, *, is_map: bool = False):
    if isinstance(value, list):
        return [_walk(item, rng, change, maps, is_map=is_map) for item in value]
    if not isinstance(value, dict):
        return value
    inner = {key: _walk(item, rng, change, maps, is_map=key in maps) for key, item in value.items()}
    return inner if is_map else change(inner, rng)


def _shuffled(value: dict[str, object], rng: random.Random) -> dict[str, object]:
    keys = list(value)
    rng.shuffle(keys)
    return {key: value[key] for key in keys}


def _with_unknown(value: dict[str, object], rng: random.Random) -> dict[str, object]:
    if rng.random() < 0.6:
        new = rng.choice(("x", None, 1.5, True, [1, {"price": 3}], {"value": "9.99", "currency": "EUR"}))
        return {f"zz{rng.randrange(999)}": new, **value}
    return value


# HTML


def spaced(sample: Sample, rng: random.Random) -> bytes | None:
    def widen(name: str, attributes: list[str]) -> str:
        spaced_out = "".join(rng.choice((" ", "\n", "\t ")) + one for one in attributes)
        return f"<{name}{spaced_out}{rng.choice(('', ' '))}>"

    return _tags(sample, rng, widen)


def attribute_order(sample: Sample, rng: random.Random) -> bytes | None:
    return _tags(sample, rng, lambda name, attributes: _tag(name, rng.sample(attributes, len(attributes))))


def extra_attributes(sample: Sample, rng: random.Random) -> bytes | None:
    def add(name: str, attributes: list[str]) -> str:
        if rng.random() < 0.5:
            attributes = [
                *attributes,
                f'data-zz{rng.randrange(99)}="{rng.randrange(9999)}.99"',
                "aria-live=off",
            ]
        return _tag(name, attributes)

    return _tags(sample, rng, add)


def attribute_case(sample: Sample, rng: random.Random) -> bytes | None:
    def shout(name: str, attributes: list[str]) -> str:
        if rng.random() < 0.5:
            attributes = [re.sub(r"^[^=]+", lambda match: match[0].upper(), one) for one in attributes]
            name = name.upper()
        return _tag(name, attributes)

    return _tags(sample, rng, shout)


def other_quotes(sample: Sample, rng: random.Random) -> bytes | None:
    def requote(name: str, attributes: list[str]) -> str:
        return _tag(name, [_requoted(one) if rng.random() < 0.5 else one for one in attributes])

    return _tags(sample, rng, requote)


def comments(sample: Sample, rng: random.Random) -> bytes | None:
    text = f"<!-- {rng.choice(sample.written_amounts)} {rng.randrange(999)}.99 -->"
    return _before_tags(sample, rng, text)


def empty_nodes(sample: Sample, rng: random.Random) -> bytes | None:
    return _before_tags(sample, rng, f'<i class="zz-{rng.randrange(99)}" data-price="1.00"></i>')


def unrelated_nodes(sample: Sample, rng: random.Random) -> bytes | None:
    page = sample.body.decode()
    promo = f'<div class="zz-promo"><b>Save ${rng.randrange(9, 99)}.99 today</b><img src=x></div>'
    place = rng.choice(("</body>", "<body>"))
    return page.replace(place, place + promo if place == "<body>" else promo + place, 1).encode()


def _tags(sample: Sample, rng: random.Random, change) -> bytes:
    parts = _TOKENS.split(sample.body.decode())
    for index, part in enumerate(parts):
        match = _START.fullmatch(part)
        if match and not part.endswith("/>"):
            attributes = [found[0] for found in _ATTRIBUTE.finditer(match[2])]
            parts[index] = change(match[1], attributes)
    return "".join(parts).encode()


def _before_tags(sample: Sample, rng: random.Random, text: str) -> bytes:
    parts = _TOKENS.split(sample.body.decode())
    for index, part in enumerate(parts):
        if (
            _START.fullmatch(part)
            and not re.match(r"<(?:html|head|body|title)\b", part)
            and rng.random() < 0.2
        ):
            parts[index] = text + part
    return "".join(parts).encode()


def _tag(name: str, attributes: list[str]) -> str:
    return f"<{' '.join([name, *attributes])}>"


def _requoted(attribute: str) -> str:
    name, separator, value = attribute.partition("=")
    plain = value.strip("\"'")
    if not separator or "'" in plain or '"' in plain:
        return attribute
    return f"{name}={plain}" if re.fullmatch(r"[\w-]+", plain) else f"{name}='{plain}'"


JSON_KINDS: tuple[Mutation, ...] = (indented, key_order, unknown_keys, escapes, called_plain)
HTML_KINDS: tuple[Mutation, ...] = (
    spaced, attribute_order, extra_attributes, attribute_case, other_quotes, comments, empty_nodes,
    unrelated_nodes,
)  # fmt: skip


def kinds_for(sample: Sample) -> tuple[Mutation, ...]:
    return JSON_KINDS if sample.is_json else HTML_KINDS
