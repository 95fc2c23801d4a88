"""No request reaches an address inside, whatever it is called and wherever it is redirected."""

import socket

import aiohttp
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from common.addresses import is_public
from scrapers.errors import TargetForbidden
from scrapers.http import Expect, Host
from scrapers.http.guard import Guard, GuardedResolver, guarded_connector

from .sessions import quick_session, venue

VENUE = Host("venue.example")


class StubResolver(AbstractResolver):
    """Answers with the given addresses, one list after the other, and counts."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers, self.asked = list(answers), 0

    async def resolve(self, host, port=0, family=socket.AF_INET):
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [
            {"hostname": host, "host": address, "port": port, "family": family, "proto": 0, "flags": 0}
            for address in answer
        ]

    async def close(self) -> None:
        pass


@pytest.mark.parametrize("address", [
    "0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.0.1",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1",
    "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    "64:ff9b::7f00:1", "64:ff9b::8.8.8.8", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1",
    "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "1.1.1", "localhost", "", "8.8.8.8 ", "8.8.8.8:443",
])  # fmt: skip
def test_addresses_inside_or_unclear_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", [
    "8.8.8.8", "1.1.1.1", "100.63.255.255", "100.128.0.1", "172.15.0.1", "172.32.0.1", "192.88.98.1",
    "::ffff:8.8.8.8", "2606:4700::6810:84e5", "2a00:1450:4001:82a::200e",
])  # fmt: skip
def test_addresses_of_the_internet_are_public(address):
    assert is_public(address)


@given(st.ip_addresses())
def test_what_is_not_global_is_never_public(address):
    if not address.is_global or address.is_multicast:
        assert not is_public(str(address))


@given(st.text(max_size=40))
def test_any_text_is_judged_without_an_error(text):
    is_public(text)
    with pytest.raises(TargetForbidden):
        Guard([VENUE]).host_of(text)


@pytest.mark.parametrize("address", [
    "http://venue.example/", "https://venue.example:8443/", "https://venue.example:80/", "ftp://venue.example/",
    "https://venue.example.evil.test/", "https://evil.test/venue.example", "https://venue.example@evil.test/",
    "https://evil.test#@venue.example/", "https://evil.test\\@venue.example/", "https://venue.example:443@evil.test/",
    "https://me@venue.example/", "https://me:pw@venue.example/", "//venue.example/", "venue.example", "",
    "https://", "https:///x", "file:///etc/passwd", "https://venue.example./", "https://sub.venue.example/",
    "https://[::1]/", "https://127.0.0.1/", "https://2130706433/", "gopher://venue.example/", "https://venue。example.evil/",
])  # fmt: skip
def test_only_the_venues_own_addresses_may_be_asked(address):
    with pytest.raises(TargetForbidden):
        Guard([VENUE]).host_of(address)


@pytest.mark.parametrize("address", [
    "https://venue.example/", "https://VENUE.example/a?b=c", "https://venue.example:443/x#y",
])  # fmt: skip
def test_the_venues_own_addresses_may_be_asked(address):
    assert Guard([VENUE]).host_of(address)[1] is VENUE


@pytest.mark.parametrize(
    "name", ["127.0.0.1", "2130706433", "127.1", "[::1]", "[::ffff:10.0.0.1]", "10.1.2.3"]
)
def test_a_literal_inside_address_is_refused_even_if_somebody_allowed_it_as_a_venue(name):
    with pytest.raises(TargetForbidden):
        Guard([Host.of(f"https://{name}/")]).host_of(f"https://{name}/")


@pytest.mark.parametrize(
    "address", ["http://venue.example", "https://venue.example:8443", "http://127.0.0.1:80"]
)
def test_a_public_host_is_https_on_port_443(address):
    with pytest.raises(TargetForbidden):
        Host.of(address)


def test_hosts_that_share_an_origin_are_told_apart_by_their_segment():
    hosts = [
        Host.of("http://127.0.0.1:8900", prefix=prefix, is_private_allowed=True)
        for prefix in ("/ebay", "/ebay_site")
    ]
    guard = Guard(hosts)

    assert guard.host_of("http://127.0.0.1:8900/ebay/x")[1].key == "127.0.0.1:8900/ebay"
    assert guard.host_of("http://127.0.0.1:8900/ebay_site")[1].key == "127.0.0.1:8900/ebay_site"
    for other in ("/", "/ebay_sit", "/ebayx/", "/amazon/ebay/", "/%65bay_/x", "//ebay/x"):
        with pytest.raises(TargetForbidden):
            guard.host_of(f"http://127.0.0.1:8900{other}")


async def test_a_name_that_leads_inside_is_refused_before_anything_is_sent():
    asked = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(text="secret")

    async with venue(answer) as base:
        host = Host("venue.example", port=URL(base).port or 0, scheme="http")
        for addresses in (["127.0.0.1"], ["::1", "127.0.0.1"], ["169.254.169.254"], ["::ffff:127.0.0.1"]):
            resolver = StubResolver(addresses)
            async with quick_session(host, resolver=resolver) as session:
                with pytest.raises(TargetForbidden):
                    await session.get(f"http://venue.example:{host.port}/")
            assert resolver.asked == 1  # not tried again either

    assert asked == []


@pytest.mark.parametrize("name", ["0x7f.1", "0x7f000001", "0177.0.0.1", "localhost"])
async def test_other_spellings_of_this_machine_are_caught_after_resolving(name):
    async with quick_session(Host(name)) as session:
        with pytest.raises(TargetForbidden):
            await session.get(f"https://{name}/")


async def test_of_mixed_answers_only_public_addresses_are_handed_on():
    resolver = GuardedResolver(Guard([VENUE]), inner=StubResolver(["10.0.0.1", "8.8.8.8", "64:ff9b::a00:1"]))

    found = await resolver.resolve("venue.example", 443)

    assert [result["host"] for result in found] == ["8.8.8.8"]


async def test_a_name_that_changes_its_mind_is_checked_each_time():
    resolver = GuardedResolver(Guard([VENUE]), inner=StubResolver(["8.8.8.8"], ["127.0.0.1"]))

    assert len(await resolver.resolve("venue.example", 443)) == 1
    with pytest.raises(TargetForbidden):
        await resolver.resolve("venue.example", 443)


async def test_what_was_checked_is_what_is_connected_to():
    async def answer(request: web.Request) -> web.Response:
        return web.Response(text=request.headers["Host"])

    async with venue(answer) as base:
        port = URL(base).port
        resolver = StubResolver(["127.0.0.1"], ["192.0.2.1"])  # a second look would find another address
        host = Host("relay.test", port=port or 0, scheme="http", is_private_allowed=True)
        async with quick_session(host, resolver=resolver) as session:
            response = await session.get(f"http://relay.test:{port}/", expect=Expect.TEXT)

    assert response.text == f"relay.test:{port}"
    assert resolver.asked == 1


async def test_the_socket_itself_refuses_what_nobody_checked():
    asked = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response()

    async with venue(answer) as base:
        connector = guarded_connector(Guard([VENUE]))
        async with aiohttp.ClientSession(connector=connector) as client:
            with pytest.raises(TargetForbidden):
                await client.get(base)  # a literal address needs no resolver

    assert asked == []


def test_sockets_open_for_public_https_and_allowed_private_addresses_only():
    guard = Guard([VENUE, Host.of("http://127.0.0.1:8900", is_private_allowed=True)])

    def may_open(address: str, port: int) -> bool:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        try:
            guard.open_socket((family, socket.SOCK_STREAM, 0, "", (address, port))).close()
        except TargetForbidden:
            return False
        return True

    assert may_open("8.8.8.8", 443)
    assert may_open("127.0.0.1", 8900)
    assert not may_open("8.8.8.8", 22)
    assert not may_open("127.0.0.1", 443)
    assert not may_open("127.0.0.2", 8900)
    assert not may_open("::1", 8900)
