"""The opportunities endpoints."""
