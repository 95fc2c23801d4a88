"""Commands of the users app."""
