"""Tifa: the evaluation room of a city for its public-service innovations."""

__version__ = "0.1.0"
