"""Formats of templates and documents in Indonesian."""

TIME_FORMAT = "H.i"
DATETIME_FORMAT = "j F Y, H.i"
SHORT_DATETIME_FORMAT = "j M Y, H.i"
EXACT_DATETIME_FORMAT = "j M Y, H.i.s T"
