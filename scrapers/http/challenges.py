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

# A page with one of these titles is a challenge, whatever its size.
_TITLES: Final = re.compile(
    r"^(?:robot check|pardon our interruption|just a moment|attention required|access denied|"
    r"access to this page has been denied|security (?:measure|check|challenge)|verify (?:you are|that you)|"
    r"are you (?:a )?(?:human|robot)|human verification|captcha|ddos-guard|checking your browser|"
    r"before you continue|one more step|please (?:verify|wait)|bot verification|request (?:blocked|rejected)|"
    r"error page \| ebay|sign in or register \| ebay|sign in \| ebay|amazon sign-in|amazon sign in|"
    r"you have been blocked|blocked|unusual traffic|client challenge|vercel security checkpoint|"
    r"validate your (?:identity|browser)|consent required|log ?in required|authentication required|"
    r"incapsula|please enable (?:js|javascript|cookies)|403 forbidden|sorry! something went wrong)"
)

# Only a challenge has these, and it is never a large page.
_MARKERS: Final = (
    "/errors/validatecaptcha", "api-services-support@amazon.com", "opfcaptcha", "pardon our interruption",
    "click the button below to continue shopping", "type the characters you see in this image",
    "errors.edgesuite.net", "/cdn-cgi/challenge-platform/h/", "cf-browser-verification", "cf_chl_opt",
    "cf-challenge-running", "__cf_chl_", "checking your browser before accessing", "/splashui/captcha",
    "please verify yourself to continue", "px-captcha", "press &amp; hold to confirm",
    "press & hold to confirm", "captcha-delivery.com", "_incapsula_resource", "incapsula incident id",
    "/.well-known/sgcaptcha/", "awswafcookiedomainlist", "gokuprops", "sec-if-cpt-container",
    "our systems have detected unusual traffic", "google.com/sorry/index", "akamai-interstitial",
    "bm-verify=", "you have been blocked", "sucuri_cloudproxy", "/149e9513-01fa-4fb0-aad4-566afd725d1b/",
    "_vcrcs", "action=\"/ap/signin", "action=\"https://signin.", "action=\"https://consent.",
    "consent.google.",
    "consent.yahoo.", "arkoselabs.com/fc/", "id=\"anubis_", "/_vercel/security/",
)  # fmt: skip

# Widgets that shops use in forms of their own, too: evidence only where nothing else is on the page.
_WIDGETS: Final = (
    "g-recaptcha", "recaptcha/api.js", "recaptcha/enterprise.js", "h-captcha", "hcaptcha.com/1/api.js",
    "cf-turnstile", "challenges.cloudflare.com/turnstile", "type=\"password\"", "type='password'",
    "geetest", "friendlycaptcha", "frc-captcha", "mtcaptcha",
)  # fmt: skip

# Words of a page that says nothing but these.
_PHRASES: Final = (
    "enable javascript and cookies to continue", "verify you are human", "verify that you are human",
    "verifying you are human", "confirm you are human", "are not a robot", "you're not a robot",
    "you are a human", "access denied", "request blocked", "unusual activity", "automated access",
    "automated queries", "security check", "before you continue to", "we need to verify",
    "please sign in to continue", "log in to continue", "sign in to view", "complete the captcha",
    "solve the captcha", "accept all cookies to continue", "reference #", "ray id",
)  # fmt: skip

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
    if len(text) <= _LITTLE_TEXT:
        widget = next((widget for widget in _WIDGETS if widget in page), "")
        if widget:
            return widget
    if len(text) <= _VERY_LITTLE_TEXT:
        return next((phrase for phrase in _PHRASES if phrase in text), "")
    return ""


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
