"""REST framework, its limits, and the OpenAPI document."""

from .database import EMBEDDED_SERVICES
from .env import env

__all__ = [
    "API_PUBLIC_READ",
    "DEMO_MODEL",
    "REST_FRAMEWORK",
    "SPECTACULAR_SETTINGS",
    "STREAMS_PER_ADDRESS",
    "TRUSTED_PROXIES",
    "VERSION",
]

VERSION = "0.1.0"

API_PUBLIC_READ = env.bool("API_PUBLIC_READ", default="postgres" in EMBEDDED_SERVICES)
"""Whether safe calls need no login: on for the embedded run, off as soon as DATABASE_URL is set."""

TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
"""How many proxies of ours stand in front, each adding to X-Forwarded-For; with 0 it is ignored."""

STREAMS_PER_ADDRESS = env.int("STREAMS_PER_ADDRESS", default=20)
"""How many event streams one address may have open without a login, per process."""

DEMO_MODEL = "catalog.Product"
"""Where demo rows are marked; the session endpoint lives below the catalogue and knows it by name only."""

REST_FRAMEWORK = {
    # A key is stated on purpose and comes first; cookies are sent by themselves.
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "users.api.authentication.ApiKeyAuthentication",
        "common.api.authentication.SessionAuthentication",
        "users.api.authentication.TokenCookieAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["common.api.permissions.RoleRequired"],
    "DEFAULT_PARSER_CLASSES": ["common.api.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_FILTER_BACKENDS": ["common.api.filters.StrictFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "common.api.pagination.PageNumber",
    "DEFAULT_SCHEMA_CLASS": "common.api.schema.ProblemAutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "common.api.throttling.AnonymousThrottle",
        "common.api.throttling.UserThrottle",
        "common.api.throttling.KeyThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.str("API_RATE_ANONYMOUS", default="600/min"),
        "user": env.str("API_RATE_USER", default="1200/min"),
        "key": env.str("API_RATE_KEY", default="1200/min"),
        "login": env.str("API_RATE_LOGIN", default="20/min"),
        "refused-key": env.str("API_RATE_LOGIN", default="20/min"),
        "signup": env.str("API_RATE_SIGNUP", default="10/hour"),
    },
    "NUM_PROXIES": TRUSTED_PROXIES,
    "PAGE_SIZE": 50,
    "EXCEPTION_HANDLER": "common.api.errors.problem_handler",
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

SPECTACULAR_SETTINGS = {
    "TITLE": "Arbsite API",
    "DESCRIPTION": (
        "Finds the same thing at two prices and proves that the gap survives fees, risk and time.\n\n"
        "Amounts are decimal strings beside their currency, times are UTC, lists are "
        "`{next, previous, count, results}`. Every error is a problem document (RFC 9457) with a stable "
        "`code`. Paths work with and without their trailing slash. Figures are "
        "estimates, not promises of profit."
    ),
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["common.api.permissions.OpenToAll"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "Role": "users.choices.Role",
        "FinishEnum": "catalog.choices.Finish",
        "OpportunityKindEnum": "opportunities.choices.OpportunityKind",
        "RiskLevelEnum": "opportunities.choices.RiskLevel",
        "OpportunityStatusEnum": "opportunities.choices.OpportunityStatus",
        "OperatorEnum": ["gte", "lte", "eq", "in", "not_in", "contains"],
        "RuleScopeEnum": "opportunities.choices.RuleScope",
        "ChannelStateEnum": "opportunities.choices.ChannelState",
        "DeliveryStateEnum": "opportunities.choices.DeliveryState",
        "BacktestStateEnum": "opportunities.choices.BacktestState",
        "FindingStateEnum": "opportunities.choices.FindingState",
        "JobStateEnum": "jobs.choices.JobState",
        "ExecutionStateEnum": "trading.choices.ExecutionState",
        "OrderStateEnum": "trading.choices.OrderState",
        "LimitScopeEnum": "trading.choices.LimitScope",
        "KillScopeEnum": "trading.choices.KillScope",
        "RunModeEnum": ["paper", "live"],
        "TradingModeEnum": "trading.choices.TradingMode",
        "OpeningOriginEnum": "trading.choices.OpeningOrigin",
        "ApiScopeEnum": "users.choices.Scope",
        "InstrumentKindEnum": "catalog.choices.InstrumentKind",
        "LiveMarketKindEnum": "opportunities.choices.LiveMarketKind",
        "CrossVenueStateEnum": "opportunities.choices.CrossVenueState",
        "SpreadStateEnum": "trading.choices.SpreadState",
        "LegStateEnum": "trading.choices.LegState",
        "OrderSideEnum": "trading.choices.OrderSide",
        "MarketSideEnum": "scrapers.choices.MarketSide",
        "MarketOriginEnum": "scrapers.choices.MarketOrigin",
        "MarketStateEnum": "scrapers.selectors.markets.STATES",
        "QuoteStateEnum": ["live", "stale", "withdrawn", "gated"],
    },
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums"],
}
