"""Management commands of the sources."""
