"""What the person at the terminal sees: steps with their time, prefixed logs, one box."""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

COLOURS = (36, 35, 33, 32, 34, 31)
NAME_WIDTH = 16


class Console:
    """Writes to standard output; colours only on a terminal that wants them."""

    def __init__(self) -> None:
        self.started = time.monotonic()
        self.is_coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
        encoding = (sys.stdout.encoding or "ascii").lower()
        self.is_unicode = encoding.startswith("utf")
        self._colour_of: dict[str, int] = {}

    def say(self, text: str = "") -> None:
        """Write one line at once."""
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

    def log(self, name: str, text: str) -> None:
        """Write a line of one program, under its name."""
        prefix = f"{name:<{NAME_WIDTH}} |"
        if self.is_coloured:
            colour = self._colour_of.setdefault(name, COLOURS[len(self._colour_of) % len(COLOURS)])
            prefix = f"\033[{colour}m{prefix}\033[0m"
        self.say(f"{prefix} {text}")

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Announce a step that takes a while, and say how long it took."""
        before = time.monotonic()
        self.say(f"  {what} ...")
        yield
        self.say(f"  {what}: {time.monotonic() - before:.1f} s")

    def seconds(self) -> float:
        """Return the seconds since the start."""
        return time.monotonic() - self.started

    def box(self, title: str, lines: Sequence[str]) -> None:
        """Draw the one box that says what to do now."""
        corner = "┌┐└┘─│" if self.is_unicode else "++++-|"
        content = [title, *lines]
        width = max(len(line) for line in content) + 2
        self.say()
        self.say(corner[0] + corner[4] * width + corner[1])
        for number, line in enumerate(content):
            text = f" {line:<{width - 1}}"
            if number == 0 and self.is_coloured:
                text = f"\033[1;32m{text}\033[0m"
            self.say(corner[5] + text + corner[5])
        self.say(corner[2] + corner[4] * width + corner[3])
        self.say()
