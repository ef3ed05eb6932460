"""Changes in the chain, one module a subject."""
