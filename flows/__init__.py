"""Prefect flows: order, retries and names; the work is done in `cxnlp`."""
