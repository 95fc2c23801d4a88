"""Simulated gift-card venues: desks of the generic contract, Reloadly and Bitrefill.

Prices are functions of seed and time; what is bought is gone, and an order is found again by the client's id.
"""
