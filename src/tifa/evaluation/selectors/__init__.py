"""Reads of rounds, score sheets and results, one module a subject."""
