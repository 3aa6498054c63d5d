"""Recordings replayed on whole bots: in this process or several, in memory or on a database."""
