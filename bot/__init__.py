"""Antre: a conversational state-machine bot framework, and the passport queue built on it."""

__version__ = "0.1.0"
