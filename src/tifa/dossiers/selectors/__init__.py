"""What of dossiers is read."""
