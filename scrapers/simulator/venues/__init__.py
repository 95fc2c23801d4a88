"""One module for each venue's wire format. `ROUTES` holds their routes, paths with the endpoint's prefix."""

from . import (
    amazon_creators,
    amazon_site,
    cardkingdom,
    cardmarket_api,
    cardmarket_downloads,
    ebay_api,
    ebay_site,
    mtgjson,
    pokemontcg,
    scryfall,
    tcgcsv,
    tcgdex,
    tcgplayer_api,
    tcgplayer_history,
    tcgplayer_site,
    ygoprodeck,
)

ROUTES = (
    tcgcsv.routes, tcgplayer_api.routes, tcgplayer_site.routes, tcgplayer_history.routes,
    ebay_api.routes, ebay_site.routes,
    amazon_creators.routes, amazon_site.routes, cardmarket_downloads.routes, cardmarket_api.routes,
    cardkingdom.routes, mtgjson.routes, scryfall.routes, tcgdex.routes, pokemontcg.routes, ygoprodeck.routes,
)  # fmt: skip
