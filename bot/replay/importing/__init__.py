"""Conversations from elsewhere, made into recordings: ``antre import-chat``.

A reader for each kind of file (:mod:`.whatsapp`, :mod:`.transcript`, :mod:`.rasa`) makes it into
:class:`~.conversation.Conversation`; :mod:`.writing` makes that into a recording. Readers are pure,
and what they leave out they say, with the line it stands on.
"""
