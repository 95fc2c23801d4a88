"""Exchange rates as the mathematics takes them."""
