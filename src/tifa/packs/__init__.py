"""The instruments as data: one folder a pack, one file an edition."""
