"""The same thing at two venues: live quotes, the best two of them, what a gap is worth after all costs."""
