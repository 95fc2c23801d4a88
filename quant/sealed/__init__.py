"""Sealed products: what is inside, what it is worth, and how that worth is distributed."""
