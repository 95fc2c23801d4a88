"""TCGplayer: the daily mirror tcgcsv.com, the official API for holders of keys, and the site's own JSON."""
