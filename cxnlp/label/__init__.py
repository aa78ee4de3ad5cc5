"""`core_feedback` in, `core_mentions` and `core_items` out."""
