"""WhatsApp through Meta's Cloud API (Graph v26.0).

The way in: ``webhook`` (HTTP) → ``signature`` (is it Meta?) → ``body`` (bytes → JSON, whatever can
be saved of it) → ``updates`` (one body → messages) with ``content`` and ``attachments`` (what a
message says and brings), ``people`` (who wrote), ``numbers`` (to which office), ``identity`` (who
has another number now), ``statuses`` (how far ours got), ``notifications`` (news for operators) and
``wire`` (JSON that may hold anything).
The way out: ``sender`` (one reply) → ``messages`` (its wire form) with ``text`` (cutting to size)
→ ``graph`` (HTTP) with ``rates`` (Meta's speed limits) and ``faults`` (Meta's error codes).
"""
