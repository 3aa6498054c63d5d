"""Recorded conversations: read, played through the real bot, compared, rewritten.

A recording is a YAML file a tester reads and writes by hand; ``docs/testing.md`` explains it.
"""
