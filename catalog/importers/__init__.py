"""Readers of outside catalogues. One package per source; each exposes one `import_…` function."""
