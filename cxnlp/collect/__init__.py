"""Sources in, one record form out: `core_events`, `core_customers`, `quarantine` and the records to clean."""
