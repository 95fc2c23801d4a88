"""A desk's orders API on a port of this machine, with faults on demand and a record of what it was asked.

It keeps its promise (one order per client id) unless told otherwise, and fills at the limit, so that tests
know every figure beforehand.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class DeskVenue:
    """What the venue knows. `behave` names what it does with the next orders of a desk, last for ever.

    Behaviours: `fill`, `partial`, `reject`, `refuse` (400), `pending`, `late_fill` and `late_reject` (pending
    when sent, decided when asked), `lost` (carried out, the connection breaks), `lost_before` (not carried
    out, the connection breaks), `hang` (carried out, no answer), `error` (carried out, then 500), `garbage`
    (carried out, no JSON), `overfill`, `half` (of a card), `held` (waits for `release`, then fills),
    `unknown_id`.
    """

    url: str = ""
    behaviours: dict[str, list[str]] = field(default_factory=dict)
    orders: list[dict[str, Any]] = field(default_factory=list)
    requests: list[tuple[str, str, str]] = field(default_factory=list)
    """(method, desk, client order id) of everything that arrived."""
    is_idempotent: bool = True
    is_deaf: bool = False
    """Whether questions for an order are answered with 503."""
    release: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def behave(self, desk: str, *what: str) -> None:
        """Say what becomes of the next orders of a desk."""
        self.behaviours[desk] = list(what)

    def sent(self, desk: str) -> list[str]:
        """Return the client ids of the orders that arrived at a desk, repeated ones too."""
        return [name for method, where, name in self.requests if (method, where) == ("POST", desk)]

    def carried_out(self, desk: str) -> list[dict[str, Any]]:
        """Return the orders a desk filled, in part or in full."""
        return [row for row in self.orders if row["desk"] == desk and row["filledQuantity"] != "0"]

    def next_behaviour(self, desk: str) -> str:
        """Take what is due."""
        due = self.behaviours.get(desk) or ["fill"]
        return due.pop(0) if len(due) > 1 else due[0]


def _order(desk: str, asked: dict[str, Any], what: str, number: int) -> dict[str, Any]:
    quantity = int(asked["quantity"])
    filled = {"partial": max(quantity // 2, 1), "overfill": quantity + 1, "half": 0.5}.get(what, quantity)
    status = {"partial": "partial", "half": "partial", "reject": "rejected"}.get(what, "filled")
    later = ""
    if what in ("pending", "late_fill", "late_reject"):
        status, later = "pending", {"late_fill": "filled", "late_reject": "rejected"}.get(what, "pending")
    if what in ("reject", "pending", "late_fill", "late_reject"):
        filled = 0
    return {
        "desk": desk, "orderId": f"V-{number}", "clientOrderId": asked["clientOrderId"], "status": status,
        "filledQuantity": str(filled), "price": asked["limitPrice"], "fee": "0.10", "later": later,
        "reason": "no_stock" if status == "rejected" else "", "side": asked["side"], "quantity": quantity,
    }  # fmt: skip


class _Handler(BaseHTTPRequestHandler):
    venue: DeskVenue
    protocol_version = "HTTP/1.1"

    def log_message(self, *args: Any) -> None:
        """Say nothing."""

    def do_POST(self) -> None:
        venue, desk = self.venue, self._desk()
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with venue.lock:
            venue.requests.append(("POST", desk, asked["clientOrderId"]))
            known = [row for row in venue.orders if row["clientOrderId"] == asked["clientOrderId"]]
            if known and venue.is_idempotent:
                self._answer(200, known[0])
                return
            what = venue.next_behaviour(desk)
        if what == "held":
            venue.release.wait(60)
        if what == "refuse":
            self._answer(400, {"error": {"code": "invalid_order", "message": "no such card"}})
            return
        if what == "lost_before":
            self._break()
            return
        with venue.lock:
            row = _order(desk, asked, what, len(venue.orders) + 1)
            venue.orders.append(row)
        self._tell(what, row)

    def _tell(self, what: str, row: dict[str, Any]) -> None:
        if what == "lost":
            self._break()
        elif what == "hang":
            self.venue.release.wait(60)
            self._break()
        elif what == "error":
            self._answer(500, {"error": "boom"})
        elif what == "garbage":
            self._raw(201, b"<html>")
        elif what == "unknown_id":
            self._answer(201, {**row, "clientOrderId": "somebody-elses"})
        else:
            self._answer(201, row)

    def do_GET(self) -> None:
        venue, desk = self.venue, self._desk()
        name = parse_qs(urlsplit(self.path).query)["clientOrderId"][0]
        with venue.lock:
            venue.requests.append(("GET", desk, name))
            if venue.is_deaf:
                self._answer(503, {"error": "later"})
                return
            rows = [row for row in venue.orders if (row["desk"], row["clientOrderId"]) == (desk, name)]
            for row in rows:
                if row["later"] and row["later"] != "pending":
                    row["status"], row["later"] = row["later"], ""
                    row["filledQuantity"] = str(row["quantity"]) if row["status"] == "filled" else "0"
        self._answer(200, {"orders": rows})

    def _desk(self) -> str:
        return urlsplit(self.path).path.split("/")[1].removeprefix("giftdesk-")

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        self._raw(status, json.dumps(body).encode())

    def _raw(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def _break(self) -> None:
        self.close_connection = True
        self.connection.close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: broken connections are what this is for."""


@contextmanager
def running_venue() -> Iterator[DeskVenue]:
    """Run a venue in threads of this process; `url` is where it answers."""
    venue = DeskVenue()
    handler = type("Handler", (_Handler,), {"venue": venue})
    server = _Server(("127.0.0.1", 0), handler)
    venue.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield venue
    finally:
        venue.release.set()
        server.shutdown()
        server.server_close()
        thread.join(10)


def wait_until(condition: Any, *, patience: float = 30) -> None:
    """Wait for something to become true.

    Raises:
        AssertionError: if it does not within the patience.
    """
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, "what was waited for did not come"
        time.sleep(0.02)
