"""`core_` tables in, `mart_` tables out: counts and shares with their intervals."""
