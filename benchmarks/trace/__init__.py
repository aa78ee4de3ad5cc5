"""Benchmarks of tracing: companies with known causes, and what the estimates make of them."""
