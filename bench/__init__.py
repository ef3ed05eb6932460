"""Benchmarks: one module a promise; `python -m bench` runs them and writes docs/capacity.md."""
