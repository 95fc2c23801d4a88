"""Long or delegated work with progress: what was asked, by whom, how far it is, what came of it."""
