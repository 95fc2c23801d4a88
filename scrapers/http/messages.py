"""What a venue answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import TypeVar

import msgspec

from scrapers.errors import UnreadableAnswer

T = TypeVar("T")


class Expect(StrEnum):
    """The kind of content that was asked for; anything else is a challenge or an error, never parsed."""

    JSON = "json"
    HTML = "html"
    TEXT = "text"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Response:
    """One complete answer, within all limits, that is no challenge page.

    Args:
        url: the final address, without credentials.
        status: 200 to 299, 304, or a status the caller said it expects.
        headers: names in lower case.
        body: decoded from its transfer compression.
        fetched_at: when it was complete (UTC).
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    fetched_at: datetime

    @property
    def is_unchanged(self) -> bool:
        """Whether the venue says that nothing changed (304)."""
        return self.status == 304

    @property
    def sha256(self) -> str:
        """Return the hex digest of the body."""
        return sha256(self.body).hexdigest()

    @property
    def text(self) -> str:
        """Return the body as text: UTF-8 unless the headers name another encoding; bad bytes are replaced."""
        _, _, charset = self.headers.get("content-type", "").partition("charset=")
        try:
            return self.body.decode(charset.strip(" \"';") or "utf-8", errors="replace")
        except LookupError:
            return self.body.decode("utf-8", errors="replace")

    def decode(self, kind: type[T]) -> T:
        """Return the JSON body as a typed value.

        Raises:
            UnreadableAnswer: for anything else; a venue's format error is not an empty answer.
        """
        try:
            return msgspec.json.decode(self.body, type=kind)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise UnreadableAnswer(
                detail=f"The answer of {self.url} is not what was asked for: {error}."
            ) from error
