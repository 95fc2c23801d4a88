"""The gift-card desk as a process: connectors of `scrapers`, the engine of `opportunities`, one loop.

It lives here because the two apps know nothing of each other.
"""
