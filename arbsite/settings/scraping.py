"""Sources: base addresses, credentials, and how politely they are asked."""

from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from .env import VAR_DIR, env

__all__ = [
    "DEMO_REMOVAL", "FEED_FOLDER", "SCRAPING_CONTACT", "SCRAPING_DELAY_MS", "SCRAPING_MAX_BODY_BYTES",
    "SCRAPING_PROXY", "SCRAPING_TIMEOUT_SECONDS", "SCRAPING_USER_AGENT", "VENUE_CREDENTIALS",
    "VENUE_OPTIONS", "VENUE_SIMULATOR_URL", "VENUE_URLS",
]  # fmt: skip

MIN_DELAY_MS = 2_000


def _url(name: str, default: str) -> str:
    """Read a base address from the environment; a bad value names its variable."""
    text = str(env.str(name, default=default)).rstrip("/")
    parts = urlsplit(text)
    if text and not (parts.scheme in ("http", "https") and parts.hostname and not parts.query):
        msg = f"{name}: {text!r} is not an http(s) address"
        raise ImproperlyConfigured(msg)
    return text


VENUE_URLS = {
    "tcgcsv": _url("TCGCSV_URL", "https://tcgcsv.com"),
    "tcgplayer_api": _url("TCGPLAYER_API_URL", "https://api.tcgplayer.com"),
    "tcgplayer_search": _url("TCGPLAYER_SEARCH_URL", "https://mp-search-api.tcgplayer.com"),
    "tcgplayer_mpapi": _url("TCGPLAYER_MPAPI_URL", "https://mpapi.tcgplayer.com"),
    "tcgplayer_history": _url("TCGPLAYER_HISTORY_URL", "https://infinite-api.tcgplayer.com"),
    "ebay_api": _url("EBAY_API_URL", "https://api.ebay.com"),
    "ebay_site": _url("EBAY_SITE_URL", "https://www.ebay.com"),
    "amazon_creators": _url("AMAZON_CREATORS_URL", "https://creatorsapi.amazon"),
    "amazon_login": _url("AMAZON_LOGIN_URL", ""),  # empty: the one of AMAZON_CREDENTIAL_VERSION
    "amazon_site": _url("AMAZON_SITE_URL", "https://www.amazon.com"),
    "cardmarket_downloads": _url("CARDMARKET_DOWNLOADS_URL", "https://downloads.s3.cardmarket.com"),
    "cardmarket_api": _url("CARDMARKET_API_URL", "https://apiv2.cardmarket.com"),
    "cardkingdom": _url("CARDKINGDOM_URL", "https://api.cardkingdom.com"),
    "mtgjson": _url("MTGJSON_URL", "https://mtgjson.com"),
    "scryfall": _url("SCRYFALL_URL", "https://api.scryfall.com"),
    "scryfall_data": _url("SCRYFALL_DATA_URL", "https://data.scryfall.io"),
    "tcgdex": _url("TCGDEX_URL", "https://api.tcgdex.net"),
    "pokemontcg": _url("POKEMONTCG_URL", "https://api.pokemontcg.io"),
    "ygoprodeck": _url("YGOPRODECK_URL", "https://db.ygoprodeck.com"),
}
"""Endpoint -> base address. The paths below are each venue's own."""

DEMO_REMOVAL = "arbsite.demo.removal.make_way"
"""What takes the demo market out before real market data is loaded."""

VENUE_SIMULATOR_URL = _url("VENUE_SIMULATOR_URL", "")
"""Where the venue simulator answers (set by `manage.py up` for a demo): it stands in for every venue."""

VENUE_CREDENTIALS = {
    name: env.str(name, default="")
    for name in (
        "TCGPLAYER_PUBLIC_KEY", "TCGPLAYER_PRIVATE_KEY", "EBAY_CLIENT_ID", "EBAY_CLIENT_SECRET",
        "AMAZON_CREDENTIAL_ID", "AMAZON_CREDENTIAL_SECRET", "AMAZON_PARTNER_TAG", "AMAZON_PAAPI_ACCESS_KEY",
        "CARDMARKET_APP_TOKEN", "CARDMARKET_APP_SECRET", "CARDMARKET_ACCESS_TOKEN",
        "CARDMARKET_ACCESS_TOKEN_SECRET", "POKEMONTCG_API_KEY",
    )
}  # fmt: skip

VENUE_OPTIONS = {
    "EBAY_MARKETPLACE": env.str("EBAY_MARKETPLACE", default="EBAY_US"),
    "AMAZON_CREDENTIAL_VERSION": env.str("AMAZON_CREDENTIAL_VERSION", default="3.1"),
    "AMAZON_MARKETPLACE": env.str("AMAZON_MARKETPLACE", default="www.amazon.com"),
    "TCGPLAYER_SEARCH_ALGORITHM": env.str("TCGPLAYER_SEARCH_ALGORITHM", default="sales_dismax"),
}

SCRAPING_DELAY_MS = env.int("SCRAPING_DELAY_MS", default=MIN_DELAY_MS)
"""Pause between two requests to one host, over all worker processes. Never below two seconds."""
if SCRAPING_DELAY_MS < MIN_DELAY_MS:
    raise ImproperlyConfigured(f"SCRAPING_DELAY_MS: {SCRAPING_DELAY_MS} is below the least of {MIN_DELAY_MS}")

SCRAPING_CONTACT = env.str("SCRAPING_CONTACT", default="")
SCRAPING_USER_AGENT = env.str("SCRAPING_USER_AGENT", default="") or (
    f"Arbsite/0.1 (+{SCRAPING_CONTACT})" if SCRAPING_CONTACT else "Arbsite/0.1"
)
SCRAPING_PROXY = _url("SCRAPING_PROXY", "")
"""One egress proxy for all venues, if the operator's network needs one."""
SCRAPING_TIMEOUT_SECONDS = env.float("SCRAPING_TIMEOUT_SECONDS", default=20.0)
SCRAPING_MAX_BODY_BYTES = env.int("SCRAPING_MAX_BODY_BYTES", default=5_000_000)
FEED_FOLDER = env.path("FEED_FOLDER", default=str(VAR_DIR / "feeds"))
