"""Reading column types that the raw cursor leaves as text."""

import json
from typing import Any


def json_list(value: Any) -> list[Any]:
    """Read a JSON array that the driver gives as text or as a list."""
    return list(json.loads(value) if isinstance(value, str) else value)
