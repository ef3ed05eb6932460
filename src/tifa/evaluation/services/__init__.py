"""Changes of rounds, panels, score sheets and results, one module a subject."""
