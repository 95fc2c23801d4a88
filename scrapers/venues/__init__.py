"""One module or package for each venue: its routes (`scrapers.base.BaseScraper`) and its parsers.

Parsers are pure functions from an answer to typed values. They raise nothing but `scrapers.errors` (and, for
whole price files, `pricing.errors.PriceFileError`). `scrapers.registry` names the classes.
"""
