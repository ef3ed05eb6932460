"""The catalogue of services of every unit, and the standard of each service."""
