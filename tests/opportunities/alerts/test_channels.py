"""Which addresses of channels are taken, and what of them may be shown."""

import pytest

from common.addresses import AddressForbidden
from common.secrets import Secret
from opportunities.alerts.channels import ChannelRefused, read_target

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

TOKEN = "T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
BOT = "123456789:abcdefg_hijklmnop"


def read(url, *, allowed=()):
    return read_target(Secret(url), allowed=allowed)


@pytest.mark.parametrize(
    ("url", "hint", "place"),
    [
        ("https://example.org/hook/secret-token", "https://example.org", ("example.org", 443)),
        ("https://example.org:8443/hook?token=secret", "https://example.org:8443", ("example.org", 8443)),
        ("jsons://user:secret@example.org/x?+X-Key=secret", "jsons://example.org", ("example.org", 443)),
        ("JSONS://Example.ORG/x", "jsons://example.org", ("example.org", 443)),
        (f"https://hooks.slack.com/services/{TOKEN}", "slack://hooks.slack.com", ("", 443)),
        (f"slack://{TOKEN}", "slack://hooks.slack.com", ("", 443)),
        (f"tgram://{BOT}/12315544/", "tgram://api.telegram.org", ("", 443)),
        ("ntfys://secret-topic", "ntfys://ntfy.sh", ("", 443)),
        ("ntfys://ntfy.example.org/secret", "ntfys://ntfy.example.org", ("ntfy.example.org", 443)),
        ("mailto://me:secret@gmail.com", "mailto://smtp.gmail.com", ("smtp.gmail.com", 587)),
        ("mailtos://me:secret@example.org:465?mode=ssl", "mailtos://example.org", ("example.org", 465)),
        ("gotifys://push.example.org/secret", "gotifys://push.example.org", ("push.example.org", 443)),
    ],
)
def test_an_offered_address_is_read_and_its_hint_tells_no_secret(url, hint, place):
    target = read(url)

    assert (target.hint, (target.host, target.port)) == (hint, place)
    assert "secret" not in f"{target!r} {target}"
    assert target.plugin.redirects is False
    assert target.plugin.verify_certificate is True


@pytest.mark.parametrize("url", [
    "", "x", "://", "https://", "file:///etc/passwd", "exec://ls", "dbus://", "syslog://", "windows://",
    "memory://", "http://example.org/hook", "json://example.org", "gotify://example.org/token", "sns://a/b/c",
    "apprises://example.org/token", "kodis://example.org", "rsyslog://example.org",
    "jsons://example.org:22/", "jsons://example.org:6379/", "https://example.org:5432/",
    "mailtos://u:p@example.org:80", "mailtos://u:p@example.org?mode=insecure",
    f"slack://{TOKEN}?template=/etc/passwd", "jsons://example.org/?redirect=yes",
    "jsons://example.org/?verify=no", "jsons://example.org/?cto=9999", "jsons://example.org/?method=GET",
    "mailtos://u:p@example.org?pgp=yes&pgppub=file:///etc/passwd", "mailtos://u:p@example.org?wkd=yes",
    "ntfys://example.org/t?attach=http://10.0.0.1/", "jsons://example.org/ https://other.example",
    "jsons://example.org/#fragment", "jsons://exa\nmple.org/", f"https://example.org/{'x' * 1000}",
    f"slack://{TOKEN}?te%6Dplate=x",
])  # fmt: skip
def test_what_is_not_offered_is_refused_without_repeating_it(url):
    with pytest.raises(ChannelRefused) as refused:
        read(url)

    assert "passwd" not in refused.value.detail
    assert TOKEN not in refused.value.detail


@pytest.mark.parametrize("host", [
    "2130706433", "0x7f.1", "127.1", "127.0.0.1", "[::1]", "localhost", "10.0.0.1", "169.254.169.254",
    "good.example@127.0.0.1",
])  # fmt: skip
@pytest.mark.parametrize("scheme", ["https", "jsons", "gotifys"])
def test_hosts_inside_are_refused_where_they_lead(scheme, host):
    try:
        target = read(f"{scheme}://{host}/token")
    except ChannelRefused:
        return  # not even readable

    with pytest.raises(AddressForbidden):
        target.private_sockets(allowed=())


def test_the_mail_server_that_is_really_used_is_judged():
    target = read("mailtos://u:p@example.org?smtp=10.0.0.1&from=a@example.org")

    with pytest.raises(AddressForbidden):
        target.private_sockets(allowed=())


def test_a_host_is_asked_for_again_before_each_use():
    target = read("jsons://rebinding.example/hook")
    answers = iter([["8.8.8.8"], ["127.0.0.1"]])

    assert target.private_sockets(allowed=(), resolve=lambda host, port: next(answers)) == set()
    with pytest.raises(AddressForbidden):
        target.private_sockets(allowed=(), resolve=lambda host, port: next(answers))


def test_an_operator_lets_a_private_host_in_without_encryption():
    target = read("json://127.0.0.1:8080/hook", allowed=["127.0.0.1:8080"])

    assert target.private_sockets(allowed=["127.0.0.1:8080"]) == {("127.0.0.1", 8080)}
    with pytest.raises(ChannelRefused):
        read("json://127.0.0.1:8081/hook", allowed=["127.0.0.1:8080"])
