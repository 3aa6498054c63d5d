"""The dialogue engine: flow files become state machines, messages become turns.

Nothing here does I/O, reads a clock or draws a random number, and nothing knows of passports.
Read in this order: ``flow`` (what a file says), ``machine`` (the statechart made of it),
``engine`` (what a turn decides), ``replies`` (what is said).
"""
