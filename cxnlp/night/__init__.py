"""The steps of one night: each reads a part of the lake, calls a stage, and replaces a part of the lake."""
