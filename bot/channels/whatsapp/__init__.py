"""WhatsApp through Meta's Cloud API (Graph v26.0).

The way in: ``webhook`` (HTTP) → ``signature`` (is it Meta?) → ``updates`` (one body → messages)
with ``content`` (one message → kind and words) and ``wire`` (JSON that may hold anything).
The way out: ``sender`` (one reply) → ``messages`` (its wire form) with ``text`` (cutting to size)
→ ``graph`` (HTTP) with ``rates`` (Meta's speed limits) and ``faults`` (Meta's error codes).
"""
