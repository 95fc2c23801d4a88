"""Acting on opportunities. Empty until the paper broker comes."""
