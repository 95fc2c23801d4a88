"""Where alerts may go: addresses of an allow list of services, read by the library that later sends.

An address is refused if its service is not on the list (files, programs, desktop pop-ups and plain HTTP are
not), if it asks for more than a place to send to (templates, attachments, keys from files, redirects), or if
its host leads inside; see `common.addresses`.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from common.addresses import Resolve, checked_addresses, is_listed, resolve_host
from common.errors import InvalidInput
from common.secrets import Secret

MAX_LENGTH: Final = 1_000
WEB_PORTS: Final = frozenset({443, 8443})
MAIL_PORTS: Final = frozenset({25, 465, 587, 2525})

_SCHEME: Final = re.compile(r"([a-z0-9]{2,20})://[^\s#]+")
_WEBHOOK: Final[frozenset[str]] = frozenset({"format"})
# Services whose host is part of the address, with the parameters they may carry. The plain one of each pair
# is for hosts an operator has listed.
_HOSTED: Final[dict[str, frozenset[str]]] = {
    "jsons": _WEBHOOK,
    "forms": _WEBHOOK,
    "xmls": _WEBHOOK,
    "ntfys": frozenset({"format", "to", "priority", "auth", "token", "mode"}),
    "gotifys": frozenset({"format", "priority"}),
    "mmosts": frozenset({"format", "to", "channel", "channels", "botname"}),
    "rockets": frozenset({"format", "to", "mode"}),
    "workflows": frozenset({"id", "sig", "ver", "api-version", "route", "routeid", "pa", "powerautomate"}),
    "mailtos": frozenset(
        {"format", "to", "from", "cc", "bcc", "reply", "name", "smtp", "user", "pass", "mode"}
    ),
}
_PLAIN: Final = {
    "json": "jsons", "form": "forms", "xml": "xmls", "ntfy": "ntfys", "gotify": "gotifys",
    "mmost": "mmosts", "rocket": "rockets", "mailto": "mailtos",
}  # fmt: skip
# Services of one fixed host: what stands where a host would is a token there, and never shown.
_FIXED: Final[dict[str, tuple[str, frozenset[str]]]] = {
    "slack": ("hooks.slack.com", frozenset({"format", "to", "token", "mode", "footer", "timestamp"})),
    "discord": ("discord.com", frozenset({"format", "footer", "tts", "thread", "fields"})),
    "tgram": ("api.telegram.org", frozenset({"format", "to", "thread", "topic", "silent", "preview"})),
    "pagerduty": ("events.pagerduty.com", frozenset({"severity", "class", "group", "region"})),
    "pover": ("api.pushover.net", frozenset({"format", "to", "priority", "sound"})),
    "opsgenie": ("api.opsgenie.com", frozenset({"to", "priority", "region", "alias", "tags"})),
    "gchat": ("chat.googleapis.com", frozenset({"format", "key", "token", "workspace", "thread"})),
    "zulip": ("zulipchat.com", frozenset({"to", "token"})),
    "pbul": ("api.pushbullet.com", frozenset({"to"})),
}
SCHEMES: Final = tuple(sorted({"https", *_HOSTED, *_FIXED, "mailto"}))


class ChannelRefused(InvalidInput):
    """The address of a channel cannot be used."""

    default_code = "channel_refused"


@dataclass(frozen=True, slots=True)
class Target:
    """A channel's address, read: what sends to it, and which sockets that may open.

    `host` is empty for a service of one fixed host. Printing it shows the hint only.
    """

    plugin: Any
    hint: str
    host: str
    port: int
    ports: frozenset[int]

    def __repr__(self) -> str:
        return f"Target({self.hint})"

    def private_sockets(
        self, *, allowed: Collection[str], resolve: Resolve = resolve_host
    ) -> set[tuple[str, int]]:
        """Check where the host leads now; return the sockets that an operator's list lets in.

        Raises:
            AddressForbidden: if it leads inside and is not listed.
            HostNotFound: if it leads nowhere.
        """
        if not self.host:
            return set()
        found = checked_addresses(self.host, self.port, allowed=allowed, resolve=resolve)
        if not is_listed(self.host, self.port, allowed=allowed):
            return set()
        return {(address, self.port) for address in found}


def read_target(url: Secret, *, allowed: Collection[str]) -> Target:
    """Read the address of a channel; no name is looked up.

    Args:
        url: an Apprise address, or the `https://` address of a webhook (which gets JSON).
        allowed: hosts an operator lets in although they are private or without TLS.

    Raises:
        ChannelRefused: if it cannot be used; neither the error nor its detail repeats the address.
    """
    before, mark, after = url.reveal().strip().partition("://")
    text = f"{before.lower()}{mark}{after}"
    match = _SCHEME.fullmatch(text)
    if match is None or not _is_readable(text):
        raise ChannelRefused(detail="Give an address such as https://example.org/hook or slack://…")
    scheme = match[1]
    if scheme == "https":
        return _web_target(text, allowed=allowed)
    _refuse_unlisted(scheme)
    secure = _PLAIN.get(scheme, scheme)
    _refuse_parameters(text, secure)
    plugin = _plugin(text)
    if plugin is not None and scheme == "mailto" and not _is_plain_allowed(plugin, allowed):
        scheme, plugin = "mailtos", _plugin(f"mailtos{text[len('mailto') :]}")
    if plugin is None:
        raise ChannelRefused(detail=f"This is not a complete {scheme}:// address.")
    return _target(plugin, scheme, shown=match[1], allowed=allowed)


def _is_readable(text: str) -> bool:
    """Tell whether the text is an address; not that it may be used."""
    try:
        urlsplit(text)
    except ValueError:  # half an IPv6 address, signs that another program would read as / or :
        return False
    return len(text) <= MAX_LENGTH and text.isprintable()


def _web_target(text: str, *, allowed: Collection[str]) -> Target:
    """Read an https address: a known service's own way to write its webhooks, or any other webhook."""
    plugin = _plugin(text)
    if plugin is not None:
        protocols = plugin.secure_protocol
        scheme = protocols if isinstance(protocols, str) else protocols[0]
        _refuse_unlisted(scheme)
        _refuse_parameters(text, scheme)
        return _target(plugin, scheme, shown=scheme, allowed=allowed)
    parts = urlsplit(text)
    # What stands behind "?" belongs to the webhook, not to Apprise: it marks that with a minus.
    own = "&".join(f"-{pair}" for pair in parts.query.split("&") if pair)
    plugin = _plugin(f"jsons://{parts.netloc}{parts.path}{'?' if own else ''}{own}")
    if plugin is None:
        raise ChannelRefused(detail="This is not a complete https:// address.")
    return _target(plugin, "jsons", shown="https", allowed=allowed)


def _target(plugin: Any, scheme: str, *, shown: str, allowed: Collection[str]) -> Target:
    secure = _PLAIN.get(scheme, scheme)
    fixed = _FIXED[secure][0] if secure in _FIXED else ""
    if scheme == "ntfys" and plugin.mode == "cloud":
        fixed = "ntfy.sh"
    if fixed:
        return Target(plugin, f"{scheme}://{fixed}", "", 443, WEB_PORTS)
    host, port = _place(plugin)
    ports = MAIL_PORTS if secure == "mailtos" else WEB_PORTS
    is_in = is_listed(host, port, allowed=allowed)
    if scheme in _PLAIN and not is_in:
        raise ChannelRefused(detail=f"{scheme}:// is not encrypted: use {_PLAIN[scheme]}://.")
    if port not in ports and not is_in:
        raise ChannelRefused(detail=f"Port {port} is not allowed; allowed are {_words(ports)}.")
    if secure == "mailtos" and plugin.secure_mode == "insecure" and not is_in:
        raise ChannelRefused(detail="Mail is sent encrypted only: use mode=starttls or mode=ssl.")
    usual = port in (443, 587, 465)
    written = f"[{host}]" if ":" in host else host
    return Target(plugin, f"{shown}://{written}{'' if usual else f':{port}'}"[:120], host, port, ports)


def _place(plugin: Any) -> tuple[str, int]:
    """Return the host and port a service really connects to."""
    host = str(getattr(plugin, "smtp_host", "") or plugin.host or "").strip("[]").lower()
    if not host:
        raise ChannelRefused(detail="The address has no host.")
    return host, int(plugin.port or (443 if plugin.secure else 80))


def _is_plain_allowed(plugin: Any, allowed: Collection[str]) -> bool:
    host, port = _place(plugin)
    return is_listed(host, port, allowed=allowed)


def _refuse_unlisted(scheme: str) -> None:
    if scheme not in _HOSTED and scheme not in _FIXED and scheme not in _PLAIN:
        raise ChannelRefused(detail=f"{scheme}:// is not offered. Offered are {', '.join(SCHEMES)}.")


def _refuse_parameters(text: str, scheme: str) -> None:
    """Refuse options beyond the list; headers and fields (`+name`, `:name`) of webhooks are their owner's."""
    known = _FIXED[scheme][1] if scheme in _FIXED else _HOSTED[scheme]
    names = {pair.partition("=")[0].lower() for pair in urlsplit(text).query.split("&") if pair}
    if known is _WEBHOOK:
        names = {name for name in names if name[0] not in "+-:"}
    unknown = sorted(unquote(name) for name in names - known)
    if unknown:
        raise ChannelRefused(detail=f"Options not offered: {', '.join(unknown[:5])[:80]}.")


def _plugin(text: str) -> Any:
    """Return Apprise's service for an address, or None; it may not be redirected nor skip certificates."""
    import apprise

    asset = apprise.AppriseAsset(app_id="Arbsite", app_desc="Arbsite", app_url="", http_redirects=False)
    plugin = apprise.Apprise.instantiate(text, asset=asset, suppress_exceptions=True)
    if plugin is not None:
        plugin.redirects = False
        plugin.verify_certificate = True
    return plugin


def _words(ports: Collection[int]) -> str:
    return ", ".join(str(port) for port in sorted(ports))
