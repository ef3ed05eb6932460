"""Reads of the chain, one module a subject."""
