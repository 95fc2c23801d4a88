"""Amazon: offers by the Creators API, product pages where an operator has permission."""
