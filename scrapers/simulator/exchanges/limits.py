"""How patient the exchanges are; a test or a demo makes a day shorter."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

DAY_SECONDS: Final = 86_400.0


@dataclass(slots=True)
class Limits:
    """Seconds after which an exchange acts, and how much it takes at once.

    Args:
        first_subscribe: until the first subscription must have come where the exchange insists on one.
        server_ping: between two pings of an exchange that pings.
        pong_within: until such a ping must have been answered.
        idle: without a word of the client, where the exchange wants one.
        session: until a connection is cut, whatever happens.
        beat: between two heartbeats.
        messages_per_second: that a client may send where that is limited.
        backlog: messages that a slow client may leave untaken before it is cut off.
    """

    first_subscribe: float = 5.0
    server_ping: float = 20.0
    pong_within: float = 60.0
    idle: float = 30.0
    session: float = DAY_SECONDS
    beat: float = 1.0
    messages_per_second: float = 5.0
    backlog: float = 50_000.0

    def change(self, values: Mapping[str, object]) -> None:
        """Set some of the limits, or none if one of them makes no sense.

        Raises:
            ValueError: for a name there is not or a value that is no number above 0.
        """
        known = {field.name for field in fields(self)}
        numbers: dict[str, float] = {}
        for name, value in values.items():
            if name not in known:
                raise ValueError(f"there is no limit {name!r}; there are {', '.join(sorted(known))}")
            if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
                raise ValueError(f"limit {name} is a number above 0")
            numbers[name] = float(value)
        for name, number in numbers.items():
            setattr(self, name, number)
