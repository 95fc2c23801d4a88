"""Long or delegated work with progress. Empty until a market needs it."""
