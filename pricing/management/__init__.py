"""Commands of the pricing app."""
