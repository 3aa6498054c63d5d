"""The databases behind the Protocols that ``bot.dialogue`` and ``bot.booking`` own.

``memory`` and ``mongo`` each hold all the stores and pass the same tests; ``documents`` is the one
shape both keep. ``driver`` hides which MongoDB driver is used, ``embedded`` starts a database of
our own when no ``MONGODB_URI`` is given, in a folder that ``folder`` guards.
"""
