"""Commands of the opportunities app."""
