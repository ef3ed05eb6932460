"""Pages of services and their standards."""
