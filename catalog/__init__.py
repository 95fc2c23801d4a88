"""What is traded: articles, their ids, what sealed products hold, and the venues."""
