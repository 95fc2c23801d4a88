"""The session endpoint."""
