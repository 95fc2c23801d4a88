"""Reads of the trading app."""
