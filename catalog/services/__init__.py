"""Writes of the catalogue."""

from .articles import ArticleConflict, ArticleReport, import_articles
from .completeness import refresh_completeness
from .contents import rebuild_contents
from .mapping import rebuild_product_singles
from .products import (
    DuplicateProductError,
    ProductTypeFixedError,
    create_product,
    deactivate_product,
    restore_product,
    update_product,
)
from .staff_mapping import (
    MappingLine,
    MappingRefused,
    already_in_contents,
    mapping_problems,
    replace_staff_mappings,
)

__all__ = [
    "ArticleConflict",
    "ArticleReport",
    "DuplicateProductError",
    "MappingLine",
    "MappingRefused",
    "ProductTypeFixedError",
    "already_in_contents",
    "create_product",
    "deactivate_product",
    "import_articles",
    "mapping_problems",
    "rebuild_contents",
    "rebuild_product_singles",
    "refresh_completeness",
    "replace_staff_mappings",
    "restore_product",
    "update_product",
]
