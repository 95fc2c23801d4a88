"""Cleaning names and titles that venues and their sellers write, before anything stores or shows them."""

import html
import re
from typing import Final

import nh3

MAX_LENGTH: Final = 300

_CONTROL: Final = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_MAX_ROUNDS: Final = 6  # of markup hidden in escapes in escapes


def clean_text(text: str, *, max_length: int = MAX_LENGTH) -> str:
    """Return text without markup, control and direction characters, with single blanks.

    Escaped markup ("&lt;b&gt;", also escaped twice) counts as markup; a lone "<" or "&" is kept as it is.

    Args:
        text: as the venue writes it.
        max_length: longer text is cut.

    Returns:
        Plain text: still to be escaped wherever it is put into a page.
    """
    text = _CONTROL.sub("", text)
    for _ in range(_MAX_ROUNDS):
        if "<" not in text and "&" not in text:
            break
        # A control character inside hides markup from the cleaner, so it goes first, also an escaped one.
        bare = _CONTROL.sub("", html.unescape(text))
        cleaned = _CONTROL.sub("", html.unescape(nh3.clean(bare, tags=set())))
        if cleaned == text:
            break
        text = cleaned
    return " ".join(text.split())[:max_length].strip()


def normalise_words(text: str) -> tuple[str, ...]:
    """Return the words of a title in lower case without punctuation, for comparing titles."""
    return tuple(re.findall(r"[^\W_]+", text.casefold().replace("'", "").replace("’", "")))


def is_complete(page: str) -> bool:
    """Tell whether an HTML page reaches its end; half a page may hold half a price."""
    return "</html" in page[-20_000:].casefold()
