"""Records in, `core_feedback` and `core_dropped` out: plain text, one language mark, no patterns of personal data."""
