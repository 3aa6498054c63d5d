"""Recordings thought up: what nobody has recorded is looked for by talking to the bot.

What is known of the ground (:mod:`ground`) tells what may be tried (:mod:`tries`) to pass
something; each try is a :mod:`sketch` that is played like any recording, and what comes of it is
learnt from (:mod:`search`).
"""
