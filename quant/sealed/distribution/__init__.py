"""How a sealed product's value is distributed: exact probabilities by the generating function on a grid."""

from .calculation import MAX_POINTS, OUTSIDE_MASS, value_distribution
from .result import Distribution

__all__ = ["MAX_POINTS", "OUTSIDE_MASS", "Distribution", "value_distribution"]
