"""Distributors' price lists: upload, preview, import."""

from .importing import PriceListReport, import_price_list, table_of, upload_price_list

__all__ = ["PriceListReport", "import_price_list", "table_of", "upload_price_list"]
