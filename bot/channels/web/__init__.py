"""The web chat at ``/``: a page that looks and taps like a messenger.

What was said stands in the transcript, and only there: the page asks for the turns it has not seen
yet, when it loads and when it reconnects, and the sender merely wakes open pages to ask again. So a
reply shows once, in its place, however often the connection breaks or a delivery is repeated.
"""

from bot.channels.web.page import web_routes
from bot.channels.web.sender import WebSender

__all__ = ["WebSender", "web_routes"]
