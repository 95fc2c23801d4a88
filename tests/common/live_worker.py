"""A live process that does nothing until it is told to stop; says where its health page is.

Run as `python -m tests.common.live_worker NAME LOOP`, LOOP being `asyncio` or `uvloop`.
"""

import asyncio
import sys

import uvloop

from common.live_process import LiveProcess


async def main(name: str) -> None:
    """Run until a signal comes."""
    async with LiveProcess(name, health_port=0, facts=lambda: {"state": "live"}) as process:
        sys.stdout.write(f"{process.port}\n")
        sys.stdout.flush()
        await process.stopping.wait()
    sys.stdout.write("stopped in good order\n")


if __name__ == "__main__":
    factory = {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}[sys.argv[2]]
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(main(sys.argv[1]))
