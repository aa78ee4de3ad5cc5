"""`mart_` and `core_` tables in, what people open out: marts database, SQL, report."""
