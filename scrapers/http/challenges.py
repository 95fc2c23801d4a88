"""Recognises pages that stand in front of a venue: captchas, bot checks, consent and login pages.

A challenge is never solved and never parsed: the caller raises `Blocked`, which opens the host's breaker.
What counts is strong evidence only (a title of its own, a challenge's own form or script, an address that
only a challenge has), because product pages carry words like "captcha", "sign in" and "cookies" too: widgets
that both have count only on a page with hardly any text. Runs in linear time on at most 300 kB.
"""

import re
from collections.abc import Mapping
from typing import Final

from yarl import URL

_READ_BYTES: Final = 300_000
_SMALL_PAGE_BYTES: Final = 60_000
_LITTLE_TEXT: Final = 1_500
_VERY_LITTLE_TEXT: Final = 400

# A page with one of these titles is a challenge, whatever its size. The second group must be the whole title:
# there are cards called "Access Denied".
_TITLES: Final = re.compile(
    r"^(?:robot check|pardon our interruption|just a moment|attention required!? *(?:\||$)|security measure|"
    r"access to this page has been denied|verify (?:you are|you're|that you)|are you (?:a )?(?:human|robot)|"
    r"human verification|ddos-guard|checking your browser|before you continue|please verify|"
    r"bot verification|request (?:blocked|rejected)|error page \| ebay|sign in(?: or register)? \| ebay|"
    r"amazon sign[- ]?in|you have been blocked|unusual traffic|client challenge|vercel security checkpoint|"
    r"validate your (?:identity|browser)|please enable (?:js|javascript|cookies)|"
    r"sorry! something went wrong|making sure you're not a bot)"
    r"|^(?:access denied|blocked|captcha|403 forbidden|forbidden|security check|security challenge|"
    r"one more step|please wait|challenge|challenge page|verification|consent required|"
    r"log ?in required|authentication required|incapsula|bot check)$"
)
_LOGIN_TITLE: Final = re.compile(
    r"\b(?:sign[ -]?in|log[ -]?in|login|anmelden|einloggen|connexion|password)\b"
)

# Only a challenge has these, and it is never a large page.
_MARKERS: Final = (
    "/errors/validatecaptcha", "api-services-support@amazon.com", "opfcaptcha", "pardon our interruption",
    "click the button below to continue shopping", "type the characters you see in this image",
    "errors.edgesuite.net", "/orchestrate/chl_page", "/orchestrate/jsch", "cf-browser-verification",
    "_cf_chl_opt", "cf-challenge-running", "__cf_chl_", "checking your browser before accessing",
    "/splashui/captcha", "please verify yourself to continue", "px-captcha", "press &amp; hold to confirm",
    "press & hold to confirm", "captcha-delivery.com", "incapsula incident id", "/.well-known/sgcaptcha/",
    "awswafcookiedomainlist", "gokuprops", "sec-if-cpt-container", "google.com/sorry/index", "bm-verify=",
    "our systems have detected unusual traffic", "sucuri_cloudproxy", "action=\"/ap/signin",
    "action=\"https://signin.", "action=\"https://consent.", "id=\"anubis_", "/_vercel/security/",
)  # fmt: skip

# Parts that shops use on pages of their own, too: evidence only where hardly anything else is on the page.
_WIDGETS: Final = (
    "g-recaptcha", "recaptcha/api.js", "recaptcha/enterprise.js", "h-captcha", "hcaptcha.com/1/api.js",
    "cf-turnstile", "challenges.cloudflare.com/turnstile", "geetest", "frc-captcha", "mtcaptcha",
    "_incapsula_resource", "/149e9513-01fa-4fb0-aad4-566afd725d1b/", "arkoselabs.com/fc/", "consent-page",
    "consent-form", "collectconsent", "cookiewall",
)  # fmt: skip
_PASSWORDS: Final = ('type="password"', "type='password'", "type=password")

# Sentences of a page that says nothing else.
_PHRASES: Final = (
    "enable javascript and cookies to continue", "verify you are human", "verify that you are human",
    "verifying you are human", "confirm you are human", "confirm that you are human", "are not a robot",
    "you're not a robot", "don't have permission to access", "do not have permission to access",
    "request blocked", "request was blocked", "you have been blocked", "unusual activity", "automated access",
    "automated queries", "before you continue to", "we need to verify", "please sign in to continue",
    "log in to continue", "sign in to view", "complete the captcha", "solve the captcha",
    "accept all cookies to continue", "cloudflare ray id",
)  # fmt: skip

# What gateways answer to programs that asked for JSON.
_JSON_MARKERS: Final = (b"captcha-delivery.com", b'"blockScript"', b'"captchaUrl"', b'"challengeUrl"')

_URL_HOSTS: Final = re.compile(
    r"^(?:signin|login|auth|accounts|consent|idp|sso|geo\.captcha-delivery|challenges?)\."
    r"|captcha-delivery\.com$|validate\.perfdrive\.com$"
)
_URL_PATHS: Final = re.compile(
    r"/(?:validatecaptcha|captcha|splashui/(?:captcha|challenge)|ap/signin|sgcaptcha|challenge|signin|sign-in|login"
    r"|log-in|consent|cookie-?consent|cdn-cgi/(?:challenge|l/chk)|sorry/index|robot-?check|blocked|distil_r_captcha"
    r"|verify-?human)(?:[/.?]|$)"
)
_HEADERS: Final = (
    ("cf-mitigated", "challenge"),
    ("x-amzn-waf-action", ""),
    ("x-vercel-mitigated", "challenge"),
)

_TITLE: Final = re.compile(r"<title[^<>]{0,200}>([^<]{0,300})")
_HIDDEN_ELEMENTS: Final = re.compile(r"<(/?)(script|style|noscript|svg|template)\b", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^<>]*>")
_SPACE: Final = re.compile(r"\s+")


def challenge_in_url(url: URL | str) -> str:
    """Return what makes an address a challenge, consent or login page, or an empty text."""
    parsed = URL(url)
    found = _URL_HOSTS.search((parsed.host or "").lower()) or _URL_PATHS.search(parsed.path.lower() + "?")
    return found.group().strip("/.?") if found else ""


def challenge_in_headers(headers: Mapping[str, str]) -> str:
    """Return the header by which a gateway says that it challenges us, or an empty text."""
    for name, value in _HEADERS:
        if value in headers.get(name, "").lower() and name in headers:
            return name
    return ""


def challenge_in_page(body: bytes) -> str:
    """Return what makes a page a challenge, or an empty text for a page that may be parsed.

    Args:
        body: HTML of any size, decompressed.
    """
    page = body[:_READ_BYTES].decode("utf-8", errors="replace").lower()
    title = _title(page)
    found = _TITLES.match(title)
    if found:
        return f"title: {found.group()}"
    if len(body) > _SMALL_PAGE_BYTES:
        return ""
    marker = next((marker for marker in _MARKERS if marker in page), "")
    if marker:
        return marker
    text = visible_text(page)
    is_login = _LOGIN_TITLE.search(title) is not None or len(text) <= _VERY_LITTLE_TEXT
    doubtful = _WIDGETS + (_PASSWORDS if is_login else ())
    if len(text) <= _LITTLE_TEXT:
        widget = next((widget for widget in doubtful if widget in page), "")
        if widget:
            return widget
    if len(text) <= _VERY_LITTLE_TEXT:
        return next((phrase for phrase in _PHRASES if phrase in text), "")
    return ""


def challenge_in_data(body: bytes) -> str:
    """Return what makes a small JSON answer a gateway's challenge, or an empty text."""
    if len(body) > _SMALL_PAGE_BYTES:
        return ""
    return next((marker.decode() for marker in _JSON_MARKERS if marker in body), "")


def _title(page: str) -> str:
    found = _TITLE.search(page)
    return _SPACE.sub(" ", found.group(1)).strip(" .…") if found else ""


def visible_text(page: str) -> str:
    """Return about what a person would read on a page: no markup, scripts or styles."""
    kept: list[str] = []
    position = 0
    hidden = ""
    for found in _HIDDEN_ELEMENTS.finditer(page):
        is_end, name = found.groups()
        if not hidden and not is_end:
            kept.append(page[position : found.start()])
            hidden = name.lower()
        elif hidden and is_end and name.lower() == hidden:
            hidden = ""
            position = found.start()
    if not hidden:
        kept.append(page[position:])
    return _SPACE.sub(" ", _TAG.sub(" ", "".join(kept))).strip()
