"""A published result as a file that anyone can recompute: no Django and no database in here."""
