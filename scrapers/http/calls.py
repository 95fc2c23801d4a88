"""One call: from the address asked for, over redirects, to the answer."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from yarl import URL

from common.clock import Clock
from scrapers.errors import RobotsDisallowed, UnreadableAnswer, VenueUnavailable

from .admission import Admission, translated
from .attempts import Attempts
from .budget import Budget
from .guard import Guard, Host
from .judging import REDIRECTS, Answer
from .messages import Expect
from .orders import Order, order_headers
from .redaction import safe_url
from .redirects import redirected
from .robots import MAX_ROBOTS_BYTES, Robots, RobotsFile
from .transport import Transport

MAX_REDIRECTS: Final = 3
_NO_ROBOTS_FILE: Final = frozenset(range(400, 500)) - {408, 425, 429}


@dataclass(frozen=True, slots=True)
class Call:
    """What one call works with: the session's parts, and time of its own."""

    transport: Transport
    guard: Guard
    admission: Admission
    robots: Robots | None
    budget: Budget
    clock: Clock

    async def run(self, order: Order, path: Path | None = None) -> tuple[Order, Answer]:
        """Send a request, and follow at most three redirects.

        Args:
            order: the first request.
            path: where the body goes, if it is a file.

        Returns:
            The last request and its answer.

        Raises:
            FetchFailed: the subclass that says why there is no answer.
        """
        for _ in range(MAX_REDIRECTS + 1):
            url, host = self.guard.host_of(order.url)
            answered, answer = await self._hop(replace(order, url=url), host, path)
            if answer is not None:
                return answered, answer
            order = answered
        raise UnreadableAnswer(detail=f"{safe_url(order.url)} redirects more than {MAX_REDIRECTS} times.")

    async def _hop(self, order: Order, host: Host, path: Path | None) -> tuple[Order, Answer | None]:
        """Ask one host; return the answer, or no answer and the request that follows a redirect."""
        async with self.admission.permitted(host.key):
            try:
                async with self.budget.running():
                    delay = await self._delay(order.url, host)
                    answer = await self._attempts().answer(order, host, delay=delay, path=path)
            except TimeoutError:
                detail = f"{safe_url(order.url)} did not answer completely in {self.budget.deadline:g} s."
                raise VenueUnavailable(None, detail, {"reason": "deadline"}) from None
            if answer.status not in REDIRECTS or answer.status in order.accept_statuses:
                return order, answer
            following = redirected(order, answer)
            _, next_host = self.guard.host_of(following.url)
            return (following if next_host is host else following.stripped()), None

    def _attempts(self) -> Attempts:
        return Attempts(self.transport, self.admission, self.budget, clock=self.clock)

    async def _delay(self, url: URL, host: Host) -> float:
        """Return the pause that robots.txt asks for; raise RobotsDisallowed if it forbids the address."""
        if self.robots is None:
            return 0.0

        async def fetch(address: URL) -> RobotsFile:
            return await self._robots_file(address, host)

        with translated():
            return await self.robots.check(url, host, fetch=fetch)

    async def _robots_file(self, address: URL, host: Host) -> RobotsFile:
        """Get robots.txt under the permit and in the time of the call that needs it."""
        order = Order(
            method="GET",
            url=address,
            headers=order_headers(None, expect=Expect.FILE),
            expect=Expect.FILE,
            max_bytes=MAX_ROBOTS_BYTES,
            accept_statuses=_NO_ROBOTS_FILE,
        )
        for _ in range(MAX_REDIRECTS + 1):
            answer = await self._attempts().answer(order, host, delay=0.0)
            if answer.status not in REDIRECTS:
                return RobotsFile(answer.status, answer.body)
            order = redirected(order, answer)
            _, found = self.guard.host_of(order.url)
            if found is not host:
                raise RobotsDisallowed(detail=f"The robots.txt of {host.key} is on another host.")
        raise RobotsDisallowed(detail=f"The robots.txt of {host.key} redirects too often.")
