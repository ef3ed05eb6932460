"""What writing a dossier changes."""
