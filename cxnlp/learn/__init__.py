"""Labels in, `models/` out."""
