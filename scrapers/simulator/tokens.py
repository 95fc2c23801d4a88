"""Who may call: the well-known credentials of the simulator, and the bearer tokens it issues for them."""

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b


@dataclass(frozen=True, slots=True)
class SimulatorCredentials:
    """What every simulated venue accepts. Known to all: nothing real is behind them."""

    client_id: str = "simulator"
    client_secret: str = "simulator-secret"  # noqa: S105 - opens nothing but the simulator
    partner_tag: str = "simulator-20"

    def accept(self, client_id: str | None, client_secret: str | None) -> bool:
        """Tell whether a pair is the right one."""
        return (client_id, client_secret) == (self.client_id, self.client_secret)


@dataclass(frozen=True, slots=True)
class _Token:
    venue: str
    expires_at: datetime


class TokenOffice:
    """Issues and checks bearer tokens; venues can be told to expire all of theirs or to refuse the key."""

    def __init__(self, *, seed: int, now: Callable[[], datetime]) -> None:
        self._seed, self._now = seed, now
        self._tokens: dict[str, _Token] = {}
        self._revoked: set[str] = set()
        self._issued = 0

    def issue(self, venue: str, *, lifetime: timedelta) -> str:
        """Return a new token of a venue."""
        self._issued += 1
        digest = blake2b(f"{self._seed}/{venue}/{self._issued}".encode(), digest_size=24).hexdigest()
        token = f"sim-{venue}-{digest}"
        self._tokens[token] = _Token(venue, self._now() + lifetime)
        return token

    def is_valid(self, venue: str, token: str) -> bool:
        """Tell whether a token is a venue's, has not expired and its key is not revoked."""
        known = self._tokens.get(token)
        return (
            known is not None
            and known.venue == venue
            and self._now() < known.expires_at
            and not self.is_revoked(venue)
        )

    def expire(self, venue: str) -> int:
        """Make all tokens of a venue invalid and return how many there were."""
        mine = [token for token, known in self._tokens.items() if known.venue == venue]
        for token in mine:
            del self._tokens[token]
        return len(mine)

    def revoke(self, venue: str) -> None:
        """Refuse the key of a venue from now on."""
        self._revoked.add(venue)

    def restore(self, venue: str) -> None:
        """Accept the key of a venue again."""
        self._revoked.discard(venue)

    def is_revoked(self, venue: str) -> bool:
        """Tell whether the key of a venue is refused."""
        return venue in self._revoked

    def reset(self) -> None:
        """Forget everything."""
        self._tokens.clear()
        self._revoked.clear()


def basic_pair(header: str) -> tuple[str, str] | None:
    """Return user and password of a Basic authorization header; None if it is not one."""
    scheme, _, value = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        user, colon, password = b64decode(value, validate=True).decode().partition(":")
    except (Base64Error, UnicodeDecodeError):
        return None
    return (user, password) if colon else None


def bearer_value(header: str) -> str:
    """Return the token of a bearer authorization header (the scheme in any case); empty if it is not one."""
    scheme, _, value = header.partition(" ")
    return value.strip() if scheme.lower() == "bearer" else ""
