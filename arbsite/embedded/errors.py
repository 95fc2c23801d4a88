"""What can go wrong with the embedded servers."""


class ServicesError(Exception):
    """An embedded server cannot be had; the text says why and what to do about it."""
