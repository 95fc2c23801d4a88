"""Writes of the catalogue."""

from .mapping import rebuild_product_singles

__all__ = ["rebuild_product_singles"]
