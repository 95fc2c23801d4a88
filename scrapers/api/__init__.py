"""Sources, their coverage and their runs over REST."""
