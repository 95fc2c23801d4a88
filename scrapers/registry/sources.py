"""Every source and its routes, in the order they are tried: bulk feed, API, page.

To add a venue: its scraper in `scrapers/venues/`, its entry here, its base address in
`arbsite/settings/scraping.py` (docs/adding-a-venue.md). The register of terms (`scrapers.models.SourceRoute`)
and the price sources are brought in line with this table by `scrapers.services.sync_register`.
"""

from datetime import date
from typing import Final

from pricing.choices import PriceType, Route
from scrapers.choices import RobotsPolicy

from .specs import PriceSourceSpec, RouteSpec, SourceSpec

RESEARCHED_ON: Final = date(2026, 11, 21)  # when the terms below were last looked into

_TCGPLAYER = SourceSpec(
    code="tcgplayer",
    name="TCGplayer",
    prices=(
        PriceSourceSpec(
            "tcgplayer",
            "tcgplayer",
            "USD",
            "tcgplayer",
            PriceType.MARKET,
            attribution="TCGplayer prices by way of tcgcsv.com",
        ),
    ),
    routes=(
        RouteSpec(
            code="tcgcsv",
            route=Route.BULK,
            scraper="scrapers.venues.tcgplayer.tcgcsv:TcgcsvFeed",
            endpoints=("tcgcsv",),
            terms_url="https://tcgcsv.com/faq",
            allowed_use="Daily mirror for programs: a group's files at most once a day, a named user agent.",
            reviewed_on=RESEARCHED_ON,
            attribution="TCGplayer prices by way of tcgcsv.com",
        ),
        RouteSpec(
            code="api",
            route=Route.API,
            scraper="scrapers.venues.tcgplayer.api:TcgplayerApi",
            endpoints=("tcgplayer_api",),
            credentials=("TCGPLAYER_PUBLIC_KEY", "TCGPLAYER_PRIVATE_KEY"),
            terms_url="https://docs.tcgplayer.com",
            allowed_use="For holders of keys; the API is closed to new users.",
            reviewed_on=RESEARCHED_ON,
        ),
        RouteSpec(
            code="site",
            route=Route.PAGE,
            scraper="scrapers.venues.tcgplayer.site:TcgplayerSite",
            endpoints=("tcgplayer_search", "tcgplayer_mpapi", "tcgplayer_history"),
            is_opt_in=True,
            robots=RobotsPolicy.OBEY,
            terms_url="https://help.tcgplayer.com",
            allowed_use="Undocumented; the site's policy asks not to script it: only with permission.",
        ),
    ),
)

_EBAY = SourceSpec(
    code="ebay",
    name="eBay",
    prices=(PriceSourceSpec("ebay", "ebay", "USD", "ebay", PriceType.LOW),),
    routes=(
        RouteSpec(
            code="browse",
            route=Route.API,
            scraper="scrapers.venues.ebay.browse:EbayBrowse",
            endpoints=("ebay_api",),
            credentials=("EBAY_CLIENT_ID", "EBAY_CLIENT_SECRET"),
            calls_a_day=5_000,
            terms_url="https://developer.ebay.com/join/api-license-agreement",
            allowed_use="The official API, 5,000 calls a day for an application by default.",
            reviewed_on=RESEARCHED_ON,
        ),
        RouteSpec(
            code="sold",
            route=Route.PAGE,
            scraper="scrapers.venues.ebay.sold:EbaySoldPages",
            endpoints=("ebay_site",),
            is_opt_in=True,
            robots=RobotsPolicy.OBEY,
            terms_url="https://www.ebay.com/help/policies/member-behaviour-policies/user-agreement?id=4259",
            allowed_use="The user agreement of 2026-02-20 forbids scrapers: only with eBay's permission.",
        ),
    ),
)

_AMAZON = SourceSpec(
    code="amazon",
    name="Amazon",
    prices=(PriceSourceSpec("amazon", "amazon", "USD", "amazon", PriceType.LOW),),
    routes=(
        RouteSpec(
            code="creators",
            route=Route.API,
            scraper="scrapers.venues.amazon.creators:AmazonCreators",
            endpoints=("amazon_creators", "amazon_login"),
            credentials=("AMAZON_CREDENTIAL_ID", "AMAZON_CREDENTIAL_SECRET", "AMAZON_PARTNER_TAG"),
            terms_url="https://affiliate-program.amazon.com/help/operating/policies",
            allowed_use="The associates programme's Creators API; data older than 24 hours is not shown.",
            reviewed_on=RESEARCHED_ON,
        ),
        RouteSpec(
            code="page",
            route=Route.PAGE,
            scraper="scrapers.venues.amazon.page:AmazonPages",
            endpoints=("amazon_site",),
            is_opt_in=True,
            robots=RobotsPolicy.OBEY,
            terms_url="https://www.amazon.com/gp/help/customer/display.html?nodeId=508088",
            allowed_use="The conditions of use exclude robots: only with Amazon's permission.",
        ),
    ),
)

_CARDMARKET = SourceSpec(
    code="cardmarket",
    name="Cardmarket",
    prices=(
        PriceSourceSpec(
            "cardmarket", "cardmarket", "EUR", "mcm", PriceType.TREND, attribution="Price guide © Cardmarket"
        ),
    ),
    routes=(
        RouteSpec(
            code="guide",
            route=Route.BULK,
            scraper="scrapers.venues.cardmarket.guide:CardmarketGuide",
            endpoints=("cardmarket_downloads",),
            terms_url="https://www.cardmarket.com/en/Magic/Data",
            allowed_use="Published downloads, one file for each game a day, no login.",
            reviewed_on=RESEARCHED_ON,
            attribution="Price guide © Cardmarket",
        ),
        RouteSpec(
            code="api",
            route=Route.API,
            scraper="scrapers.venues.cardmarket.api:CardmarketApi",
            endpoints=("cardmarket_api",),
            credentials=("CARDMARKET_APP_TOKEN", "CARDMARKET_APP_SECRET"),
            calls_a_day=5_000,  # the least that token holders have; professionals have more
            terms_url="https://api.cardmarket.com/ws/documentation",
            allowed_use="For holders of tokens; access of private users was revoked.",
            reviewed_on=RESEARCHED_ON,
        ),
    ),
)

_CARDKINGDOM = SourceSpec(
    code="cardkingdom",
    name="Card Kingdom",
    categories=("mtg",),
    prices=(
        PriceSourceSpec(
            "cardkingdom", "cardkingdom", "USD", "ck", PriceType.RETAIL, attribution="Card Kingdom price list"
        ),
    ),
    routes=(
        RouteSpec(
            code="pricelist",
            route=Route.BULK,
            scraper="scrapers.venues.cardkingdom:CardKingdomPriceList",
            endpoints=("cardkingdom",),
            terms_url="https://www.cardkingdom.com/static/terms",
            allowed_use="The public price list for programs; at most once a day.",
            reviewed_on=RESEARCHED_ON,
            attribution="Card Kingdom price list",
        ),
    ),
)

_MTGJSON = SourceSpec(
    code="mtgjson",
    name="MTGJSON",
    categories=("mtg",),
    prices=(
        PriceSourceSpec(
            "mtgjson_tcgplayer", "tcgplayer", "USD", "mtgjson", PriceType.RETAIL, True, "Prices by MTGJSON"
        ),
        PriceSourceSpec(
            "mtgjson_cardmarket", "cardmarket", "EUR", "mtgjson", PriceType.RETAIL, True, "Prices by MTGJSON"
        ),
        PriceSourceSpec(
            "mtgjson_cardkingdom",
            "cardkingdom",
            "USD",
            "mtgjson",
            PriceType.RETAIL,
            True,
            "Prices by MTGJSON",
        ),
    ),
    routes=(
        RouteSpec(
            code="bulk",
            route=Route.BULK,
            scraper="scrapers.venues.mtgjson:MtgjsonFeed",
            endpoints=("mtgjson",),
            terms_url="https://mtgjson.com/license/",
            allowed_use="MIT licence; daily build.",
            reviewed_on=RESEARCHED_ON,
            attribution="Catalogue by MTGJSON",
        ),
    ),
)

_SCRYFALL = SourceSpec(
    code="scryfall",
    name="Scryfall",
    categories=("mtg",),
    prices=(
        PriceSourceSpec(
            "scryfall_tcgplayer", "tcgplayer", "USD", "scryfall", PriceType.MARKET, True, "Prices by Scryfall"
        ),
        PriceSourceSpec(
            "scryfall_cardmarket",
            "cardmarket",
            "EUR",
            "scryfall",
            PriceType.TREND,
            True,
            "Prices by Scryfall",
        ),
    ),
    routes=(
        RouteSpec(
            code="bulk",
            route=Route.BULK,
            scraper="scrapers.venues.scryfall:ScryfallFeed",
            endpoints=("scryfall", "scryfall_data"),
            terms_url="https://scryfall.com/docs/api",
            allowed_use="Free for Magic software, once a day; never behind a paywall, no endorsement.",
            reviewed_on=RESEARCHED_ON,
            attribution="Prices by Scryfall, which does not endorse this product",
        ),
    ),
)

_POKEMON = (
    SourceSpec(
        code="tcgdex",
        name="TCGdex",
        categories=("pokemon",),
        prices=(
            PriceSourceSpec(
                "tcgdex_tcgplayer", "tcgplayer", "USD", "tcgdex", PriceType.MARKET, True, "Prices by TCGdex"
            ),
            PriceSourceSpec(
                "tcgdex_cardmarket", "cardmarket", "EUR", "tcgdex", PriceType.TREND, True, "Prices by TCGdex"
            ),
        ),
        routes=(
            RouteSpec(
                code="bulk",
                route=Route.BULK,
                scraper="scrapers.venues.tcgdex:TcgdexFeed",
                endpoints=("tcgdex",),
                terms_url="https://tcgdex.dev",
                allowed_use="Open database, MIT licence.",
                reviewed_on=RESEARCHED_ON,
                attribution="Cards and prices by TCGdex",
            ),
        ),
    ),
    SourceSpec(
        code="pokemontcg",
        name="Pokémon TCG API",
        categories=("pokemon",),
        prices=(
            PriceSourceSpec(
                "pokemontcg_tcgplayer",
                "tcgplayer",
                "USD",
                "tcgdex",
                PriceType.MARKET,
                True,
                "Prices by pokemontcg.io",
            ),
            PriceSourceSpec(
                "pokemontcg_cardmarket",
                "cardmarket",
                "EUR",
                "tcgdex",
                PriceType.TREND,
                True,
                "Prices by pokemontcg.io",
            ),
        ),
        routes=(
            RouteSpec(
                code="bulk",
                route=Route.BULK,
                scraper="scrapers.venues.pokemontcg:PokemonTcgFeed",
                endpoints=("pokemontcg",),
                terms_url="https://docs.pokemontcg.io",
                allowed_use="Free, a key raises the limits (POKEMONTCG_API_KEY).",
                reviewed_on=RESEARCHED_ON,
                attribution="Cards and prices by pokemontcg.io",
            ),
        ),
    ),
)

_YGOPRODECK = SourceSpec(
    code="ygoprodeck",
    name="YGOPRODeck",
    categories=("yugioh",),
    prices=(
        PriceSourceSpec(
            "ygoprodeck_tcgplayer",
            "tcgplayer",
            "USD",
            "ygoprodeck",
            PriceType.MARKET,
            True,
            "Prices by YGOPRODeck",
        ),
    ),
    routes=(
        RouteSpec(
            code="bulk",
            route=Route.BULK,
            scraper="scrapers.venues.ygoprodeck:YgoprodeckFeed",
            endpoints=("ygoprodeck",),
            terms_url="https://ygoprodeck.com/api-guide/",
            allowed_use="Free, at most 20 requests a second; keep what was fetched, do not hot-link images.",
            reviewed_on=RESEARCHED_ON,
            attribution="Cards and prices by YGOPRODeck",
        ),
    ),
)

SOURCES: Final[tuple[SourceSpec, ...]] = (
    _MTGJSON, _CARDMARKET, _TCGPLAYER, _CARDKINGDOM, _SCRYFALL, *_POKEMON, _YGOPRODECK, _EBAY, _AMAZON,
)  # fmt: skip
