"""Cutting the connection of a listener that does not read.

Django gives up an answer when the server reports that the client has gone, and a client that is stuck never
goes. So what the stream's answers hear from the server also ends with the order to cut them off.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

CUT: Final = "arbsite.cut"
"""Where an answer finds the event that cuts it off, in its ASGI scope."""


def cutting(application: Application, path: str) -> Application:
    """Wrap an ASGI application so that answers at `path` (with or without a final slash) can be cut off.

    Once cut, the application is told that the client has gone, which makes it give up the answer.
    """

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].rstrip("/") != path:
            await application(scope, receive, send)
            return
        cut = asyncio.Event()

        async def receive_until_cut() -> Any:
            message = asyncio.ensure_future(receive())
            order = asyncio.create_task(cut.wait())
            try:
                await asyncio.wait((message, order), return_when=asyncio.FIRST_COMPLETED)
                return message.result() if message.done() else {"type": "http.disconnect"}
            finally:
                order.cancel()
                message.cancel()

        await application({**scope, CUT: cut}, receive_until_cut, send)

    return serve
