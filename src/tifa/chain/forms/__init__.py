"""What people type in the chain, one module a form."""
