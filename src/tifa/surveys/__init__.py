"""Satisfaction surveys: waves, answers and the index."""
