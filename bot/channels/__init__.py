"""The doors: each turns its wire format into :class:`~bot.channels.inbound.Inbound` and replies
into its wire format.
"""
