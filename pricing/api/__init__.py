"""The prices of one product over REST: its history and its current prices."""
