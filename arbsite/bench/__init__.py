"""Measured claims: each scenario runs the product's own code against the naive way, in one scratch database.

`manage.py bench` runs them; `docs/benchmarks.md` says what the figures mean.
"""
