"""The trading endpoints."""
