"""Finding one article by the name a person or another system uses for it."""

from uuid import UUID

from catalog.models import Product, ProductIdentifier
from common.errors import DomainError, InvalidInput, NotFound

_MAX_SHOWN = 5


class ProductNotFound(NotFound):
    """No article has this id."""

    default_code = "product_not_found"


class AmbiguousIdentifier(InvalidInput):
    """Several articles share this outside id, each in another finish."""

    default_code = "ambiguous_identifier"


def product_by_ident(ident: str) -> Product:
    """Find an article by its id, or by `source:external id` such as `mcm:587698`.

    Raises:
        ProductNotFound: if there is none, or `ident` has neither form.
        AmbiguousIdentifier: if the outside id belongs to several articles; `details` lists them.
    """
    if not ident.isprintable():  # no id holds control characters or bytes that are no text
        raise _not_found(ident)
    source, separator, external_id = ident.strip().partition(":")
    if not separator:
        return _by_id(source)
    owned = ProductIdentifier.objects.filter(source=source.strip().lower(), external_id=external_id.strip())
    products = list(
        Product.objects.filter(id__in=owned.values("product_id")).order_by("key")[: _MAX_SHOWN + 1]
    )
    if not products:
        raise _not_found(ident)
    if len(products) > 1:
        shown = [{"id": str(product.id), "name": str(product)} for product in products[:_MAX_SHOWN]]
        names = "; ".join(f"{entry['name']} = {entry['id']}" for entry in shown)
        raise AmbiguousIdentifier(
            detail=f"{ident} names several articles: {names}", details={"products": shown}
        )
    return products[0]


def _by_id(text: str) -> Product:
    try:
        return Product.objects.get(id=UUID(text))
    except (ValueError, Product.DoesNotExist):
        raise _not_found(text) from None


def _not_found(ident: str) -> DomainError:
    return ProductNotFound(
        detail=f"There is no article {ident[:120]!a}. Give its id or source:external id, such as mcm:587698.",
        details={"ident": ascii(ident[:120])[1:-1]},
    )
