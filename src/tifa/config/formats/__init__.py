"""How dates and times are written, by language; Indonesian writes 09.00, English 09:00."""
