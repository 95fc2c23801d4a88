"""A host is judged by every address it leads to, whatever its name looks like."""

import pytest

from common.addresses import AddressForbidden, HostNotFound, checked_addresses, is_listed, resolve_host

INSIDE = ["127.0.0.1"]


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "127.0.0.1", "localhost"])
def test_every_spelling_of_this_machine_is_refused_after_resolution(host):
    with pytest.raises(AddressForbidden):
        checked_addresses(host, 443)


@pytest.mark.parametrize("host", ["::1", "[::1]", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"])
def test_literal_addresses_of_the_sixth_version_are_judged_too(host):
    with pytest.raises(AddressForbidden):
        checked_addresses(host, 443)


def test_one_private_address_among_public_ones_is_enough_to_refuse():
    with pytest.raises(AddressForbidden):
        checked_addresses("mixed.example", 443, resolve=lambda host, port: ["8.8.8.8", "10.0.0.1"])


def test_public_addresses_are_returned():
    found = checked_addresses("good.example", 443, resolve=lambda host, port: ["8.8.8.8", "1.1.1.1"])

    assert found == ["8.8.8.8", "1.1.1.1"]


def test_a_name_that_leads_nowhere_is_an_error_of_its_own():
    with pytest.raises(HostNotFound):
        checked_addresses("nowhere.example", 443, resolve=lambda host, port: [])
    with pytest.raises(HostNotFound):
        resolve_host("no-such-host.invalid", 443)


@pytest.mark.parametrize("host", ["", "a" * 300, "\x00", "münchen..example"])
def test_what_is_no_name_is_refused_without_another_error(host):
    with pytest.raises((AddressForbidden, HostNotFound)):
        checked_addresses(host, 443)


@pytest.mark.parametrize(
    ("entry", "is_let_in"),
    [("127.0.0.1", True), ("127.0.0.1:8080", True), ("127.0.0.1:80", False), ("10.0.0.1", False)],
)
def test_an_operator_lets_hosts_in_by_name_and_port(entry, is_let_in):
    assert is_listed("127.0.0.1", 8080, allowed=[entry]) is is_let_in
    if is_let_in:
        assert checked_addresses("127.0.0.1", 8080, allowed=[entry]) == INSIDE
    else:
        with pytest.raises(AddressForbidden):
            checked_addresses("127.0.0.1", 8080, allowed=[entry])


def test_a_literal_of_the_sixth_version_is_listed_with_brackets():
    assert is_listed("::1", 8080, allowed=["[::1]:8080"])
    assert is_listed("[::1]", 8080, allowed=["::1"])
    assert not is_listed("::1", 8081, allowed=["[::1]:8080"])
