"""Reads of the public pages and of the start page, one module a subject."""
