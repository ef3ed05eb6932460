"""Reads Indonesian texts and proposes innovations that nobody reported; no Django, no network, no clock."""
