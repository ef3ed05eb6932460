"""Numbers only: no Django, no input or output."""
