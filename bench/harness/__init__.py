"""How peers are run, measured and reported; no peer and no job is named here."""
