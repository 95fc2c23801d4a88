"""The recorder: every text as it came, one JSON line each, so that a bad hour can be gone through again."""

import json
from pathlib import Path
from typing import Self


class Recorder:
    """Appends `{"recv", "venue", "session", "raw"}` lines; `raw` keeps the venue's own text.

    A text that is no JSON object or array (OKX's `pong`) stands as a JSON string. A REST snapshot carries its
    pair as `snapshot`. Lines are buffered: `flush` is called each second.

    Args:
        file: made with its folder's rights if it is not there.

    Raises:
        OSError: if it cannot be opened.
    """

    def __init__(self, file: Path) -> None:
        self.lines = 0
        self._file = file.open("ab")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def record(self, venue: str, session: int, raw: bytes, received: int, pair: str = "") -> None:
        """Write one text.

        Args:
            venue: code of the exchange.
            session: number of the connection: each one begins with a snapshot of its own.
            raw: as it came.
            received: Unix nanoseconds.
            pair: of a REST snapshot; empty for a frame.
        """
        body = raw if raw[:1] in (b"{", b"[") else json.dumps(raw.decode(errors="replace")).encode()
        snapshot = b',"snapshot":' + json.dumps(pair).encode() if pair else b""
        seconds, rest = divmod(received, 1_000_000_000)
        self._file.write(
            b'{"recv":%d.%09d,"venue":"%s","session":%d%s,"raw":%s}\n'
            % (seconds, rest, venue.encode(), session, snapshot, body.replace(b"\n", b" "))
        )
        self.lines += 1

    def flush(self) -> None:
        """Write what is buffered."""
        self._file.flush()
