"""`GET /api/v1/stream`: news for open dashboards over one long answer (server-sent events).

`common.events.publish_event` writes to a Redis stream; one reader per process (`hub`) hands each event,
encoded once, to the bounded queue of every listener (`listener`) that asked for it; `view` is the answer.
"""
