"""Tests of what people open: the marts database, queries, exports, the dictionary and the report."""
