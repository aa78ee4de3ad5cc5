"""`core_items` in, `core_contacts` and `core_traces` out: why customers had to contact us."""
