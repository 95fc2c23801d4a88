"""Cardmarket: the public price guides and product lists, and the API 2.0 for holders of tokens."""
