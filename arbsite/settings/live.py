"""The live desk: gift-card markets (R000) and crypto streams (R001), their fees, limits and endpoints."""

from .cards import _count, _decimal
from .env import env

__all__ = [
    "ALLOWED_CURRENCIES",
    "ALLOWED_REGIONS",
    "ASSUME_PEG",
    "CARD_LOSS_RATE",
    "CARD_RECOVERY_RATE",
    "CRYPTO_EXCHANGES",
    "CRYPTO_SYMBOLS",
    "CRYPTO_TRIANGLES",
    "ENABLE_MOCK_MARKETS",
    "FX_SPREAD_BPS",
    "GIFTCARDS_HEALTH_PORT",
    "INGEST_HEALTH_PORT",
    "LEG_TIMEOUT_MS",
    "LEG_UNKNOWN_SECONDS",
    "LIVE_HEALTH_HOST",
    "MAX_CARDS_PER_TRADE",
    "MAX_QUOTE_AGE_MS",
    "MAX_QUOTE_SKEW_MS",
    "NETWORK_FEE_BPS",
    "PEG_HAIRCUT_BPS",
    "PROFIT_THRESHOLD_BPS",
    "QUOTE_RETENTION_DAYS",
    "QUOTE_SAMPLE_SECONDS",
    "SIGNALS_HEALTH_PORT",
    "SINK_HEALTH_PORT",
    "SPREAD_THRESHOLD_PCT",
    "TICK_MAX_AGE_MS",
    "ZMQ_ENDPOINT",
    "ZMQ_HIGH_WATER_MARK",
]  # fmt: skip


def _names(name: str, default: str) -> tuple[str, ...]:
    """Read a comma-separated list; blanks and empty items do not count."""
    return tuple(part.strip() for part in env.str(name, default=default).split(",") if part.strip())


LIVE_HEALTH_HOST = env.str("LIVE_HEALTH_HOST", default="127.0.0.1")

# Gift cards, as R000 names them
PROFIT_THRESHOLD_BPS = _decimal("PROFIT_THRESHOLD_BPS", "50", high="10000")
MAX_QUOTE_AGE_MS = _count("MAX_QUOTE_AGE_MS", 15_000, low=100, high=3_600_000)
MAX_QUOTE_SKEW_MS = _count("MAX_QUOTE_SKEW_MS", 2_000, low=0, high=60_000)
ALLOWED_REGIONS = tuple(name.upper() for name in _names("ALLOWED_REGIONS", "US"))
ALLOWED_CURRENCIES = tuple(name.upper() for name in _names("ALLOWED_CURRENCIES", "USD"))
FX_SPREAD_BPS = _decimal("FX_SPREAD_BPS", "0", high="10000")
NETWORK_FEE_BPS = _decimal("NETWORK_FEE_BPS", "0", high="10000")
MAX_CARDS_PER_TRADE = _count("MAX_CARDS_PER_TRADE", 10, low=1, high=10_000)
CARD_LOSS_RATE = _decimal("CARD_LOSS_RATE", "0.015", high="1")
CARD_RECOVERY_RATE = _decimal("CARD_RECOVERY_RATE", "0", high="1")
ENABLE_MOCK_MARKETS = env.bool("ENABLE_MOCK_MARKETS", default=False)
GIFTCARDS_HEALTH_PORT = _count("GIFTCARDS_HEALTH_PORT", 8083, low=0, high=65_535)

# Acting across two venues
LEG_TIMEOUT_MS = _count("LEG_TIMEOUT_MS", 5_000, low=100, high=60_000)
LEG_UNKNOWN_SECONDS = _count("LEG_UNKNOWN_SECONDS", 120, low=5, high=86_400)

# Crypto, as R001 names them where it does
ZMQ_ENDPOINT = env.str("ZMQ_ENDPOINT", default="tcp://127.0.0.1:5555")
ZMQ_HIGH_WATER_MARK = _count("ZMQ_HIGH_WATER_MARK", 1_000, low=1, high=1_000_000)
SPREAD_THRESHOLD_PCT = _decimal("SPREAD_THRESHOLD_PCT", "0.5", high="100")
CRYPTO_SYMBOLS = _names("SYMBOLS", "BTC/USDT,BTC/USD,ETH/USDT,ETH/USD,USDT/USD")
CRYPTO_TRIANGLES = env.bool("CRYPTO_TRIANGLES", default=False)
ASSUME_PEG = env.bool("ASSUME_PEG", default=False)
PEG_HAIRCUT_BPS = _decimal("PEG_HAIRCUT_BPS", "5", high="10000")
TICK_MAX_AGE_MS = _count("TICK_MAX_AGE_MS", 5_000, low=100, high=600_000)
INGEST_HEALTH_PORT = _count("INGEST_HEALTH_PORT", 8080, low=0, high=65_535)
SIGNALS_HEALTH_PORT = _count("SIGNALS_HEALTH_PORT", 8081, low=0, high=65_535)
SINK_HEALTH_PORT = _count("SINK_HEALTH_PORT", 8082, low=0, high=65_535)
QUOTE_SAMPLE_SECONDS = _count("QUOTE_SAMPLE_SECONDS", 10, low=1, high=3_600)
QUOTE_RETENTION_DAYS = _count("QUOTE_RETENTION_DAYS", 30, low=1, high=3_650)


def _exchange(code: str, fee_bps: str) -> dict[str, object]:
    """Read one exchange: `<CODE>_ENABLED`, `_TAKER_FEE_BPS`, `_WS_URL` and `_REST_URL` (empty: its own)."""
    name = code.upper()
    return {
        "enabled": env.bool(f"{name}_ENABLED", default=False),
        "taker_fee_bps": _decimal(f"{name}_TAKER_FEE_BPS", fee_bps, low="-100", high="1000"),
        "ws_url": env.str(f"{name}_WS_URL", default=""),
        "rest_url": env.str(f"{name}_REST_URL", default=""),
    }


CRYPTO_EXCHANGES = {
    "binance": _exchange("binance", "10"),
    "coinbase": _exchange("coinbase", "60"),
    "kraken": _exchange("kraken", "40"),
    "okx": _exchange("okx", "10"),
    "bybit": _exchange("bybit", "10"),
}
"""Base-tier taker fees by default; an account with other terms sets its own."""
