"""The web chat at ``/chat``: a page that looks and taps like a messenger.

What was said stands in the transcript, and only there: the page asks for the turns it has not seen
yet, when it loads and when it reconnects, and the sender merely wakes open pages to ask again. So a
reply shows once, in its place, however often the connection breaks or a delivery is repeated.
"""

from bot.channels.web.crowd import Allowed, Crowd
from bot.channels.web.page import web_routes
from bot.channels.web.sender import WebSender
from bot.channels.web.visitor import Visitors

__all__ = ["Allowed", "Crowd", "Visitors", "WebSender", "web_routes"]
