"""`GET /api/v1/stream`: news for open dashboards over one long answer (server-sent events).

`common.events.publish_event` writes to a Redis stream; one reader per process (`hub`) hands each event,
encoded once, to the bounded queue of every listener (`listener`) that asked for it; `view` is the answer.
News of the live desk (`common.live.publish_live`) comes over a stream of its own and waits on one `board` for
all listeners: each takes the newest state of what changed, a few times a second, and never resumes it.
"""
