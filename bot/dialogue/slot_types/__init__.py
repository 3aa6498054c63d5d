"""The types every bot has, one a file."""
