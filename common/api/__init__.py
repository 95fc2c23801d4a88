"""The parts every REST endpoint is made of."""
