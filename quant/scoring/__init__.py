"""How good a chance is: confidence, risk, competition, expiry, liquidity and rank (MATHS 1.5 and 1.6)."""
