"""Conversations that took place, gone through again on flows that somebody edited."""
