"""Simulated crypto exchanges: one seeded price process, five venues' books and wire formats.

`ExchangeHub` holds the state, `routes` the WebSocket and REST paths, `control.routes` what a test or a demo
sets: rates, limits, a gap between venues, and steps while time stands still.
"""
