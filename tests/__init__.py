"""Tests of Tifa; the test of `tifa/a/b.py` is `tests/a/test_b.py`."""
