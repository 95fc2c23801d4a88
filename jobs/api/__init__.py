"""Long work over REST: what runs, how far it is, cancel and retry."""
