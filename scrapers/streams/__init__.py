"""Crypto streams: one adapter per exchange, a runner that keeps its connection, and the way to the engine.

The ingest process runs without Django's applications (settings only), which keeps it small: nothing here may
import models, services or other parts of `scrapers`. Adapters do no I/O: text in, events out, so that a
recording goes through the very code a socket does.
"""
