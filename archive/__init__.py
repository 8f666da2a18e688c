"""The record: kinds, filing, completeness, the OCFL store, the catalogue, due items, audit."""
