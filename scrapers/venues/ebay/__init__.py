"""eBay: asks by the Browse API, sales by the sold pages."""
