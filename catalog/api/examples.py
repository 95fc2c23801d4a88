"""Examples of the catalogue's endpoints, shown in the API's documentation."""

from typing import Any, Final

from drf_spectacular.utils import OpenApiExample

_PRODUCT: Final[dict[str, Any]] = {
    "id": "01993c1e-6f00-7b2a-8c11-0e6d2f3b9001",
    "name": "Base Set Booster Box",
    "set_name": "Base Set",
    "product_type": "sealed",
    "category": "pokemon",
    "tcg_product_id": "42346",
    "ebay_product_id": "",
    "amazon_asin": "",
    "description": "",
    "image_url": "",
    "is_active": True,
    "is_featured": False,
    "created_at": "2026-01-04T09:30:00Z",
    "updated_at": "2026-01-04T09:30:00Z",
    "set_code": "BASE",
    "number": "",
    "rarity": "",
    "language": "en",
    "released_on": "1999-01-09",
    "finishes": [],
    "sealed_kind": "booster_box",
    "sealed_subtype": "",
    "is_demo": False,
    "identifiers": [{"source": "tcgplayer", "external_id": "42346", "finish": ""}],
}
_ANSWER: Final = OpenApiExample("A booster box", value=_PRODUCT, response_only=True)
_BODY: Final = OpenApiExample(
    "A booster box",
    value={
        "name": "Base Set Booster Box",
        "product_type": "sealed",
        "category": "pokemon",
        "set_code": "base",
        "sealed_kind": "booster_box",
    },
    request_only=True,
)
READ: Final = [_ANSWER]
CREATE: Final = [_BODY, OpenApiExample("Made", value=_PRODUCT, response_only=True, status_codes=["201"])]
REPLACE: Final = [_BODY, _ANSWER]
CHANGE: Final = [
    OpenApiExample("Put it forward", value={"is_featured": True}, request_only=True),
    _ANSWER,
]
CONTENTS: Final = [
    OpenApiExample(
        "36 packs",
        value={
            "product_id": _PRODUCT["id"],
            "version": 1,
            "source": "mtgjson",
            "source_date": "2026-01-04",
            "complete": True,
            "missing": [],
            "lines": [
                {
                    "kind": "pack",
                    "quantity": 36,
                    "name": "Base Set Booster",
                    "finish": "",
                    "product_id": None,
                    "deck": None,
                    "pack": "default",
                    "set_code": "BASE",
                    "resolved": True,
                }
            ],
            "choices": [],
        },
        response_only=True,
    )
]
