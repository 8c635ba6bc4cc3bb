"""The callers of a bench count what was answered, and send again what was not."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from infra.bench import load

Answer = Callable[[int], bytes | None]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
BUSY = b"HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n"


class Counting:
    """Counts up when answered; the body is the number."""

    def __init__(self) -> None:
        self.acked = 0

    def request(self, port: int) -> bytes:
        return b"POST / HTTP/1.1\r\n\r\n%08d" % (self.acked + 1)

    def on_response(self) -> None:
        self.acked += 1


@asynccontextmanager
async def server(answer: Answer) -> AsyncIterator[tuple[int, list[int]]]:
    """Have a server that notes each number and answers it so; None hangs up."""
    numbers: list[int] = []
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        try:
            while True:
                await reader.readuntil(b"\r\n\r\n")
                numbers.append(int(await reader.readexactly(8)))
                response = answer(len(numbers))
                if response is None:
                    return
                writer.write(response[:20])
                await asyncio.sleep(0.001)
                writer.write(response[20:])
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()
            tasks.discard(task)

    running = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield running.sockets[0].getsockname()[1], numbers
    finally:
        running.close()
        for _n in range(200):
            if not tasks:
                break
            await asyncio.sleep(0.01)


async def test_every_answer_is_counted_once() -> None:
    scripts = [Counting() for _n in range(3)]
    async with server(lambda n: OK) as (port, numbers):
        tally = await load.run_load(port, scripts, seconds=0.3, warm=0.05)

    assert sum(script.acked for script in scripts) == len(numbers)
    assert 0 < tally.response_count == len(tally.waits) <= len(numbers)
    assert (tally.refused, tally.lost_connections) == (0, 0)


async def test_what_was_refused_is_sent_again_with_the_same_number() -> None:
    script = Counting()
    async with server(lambda n: BUSY if n in (1, 3) else OK) as (port, numbers):
        await load.run_load(port, [script], seconds=0.3, warm=0.0)

    assert numbers[:5] == [1, 1, 2, 2, 3]


async def test_what_was_lost_with_its_connection_is_sent_again() -> None:
    script = Counting()
    async with server(lambda n: None if n == 2 else OK) as (port, numbers):
        tally = await load.run_load(port, [script], seconds=0.3, warm=0.0)

    assert numbers[:4] == [1, 2, 2, 3]
    assert tally.lost_connections == 1
    assert script.acked == len(numbers) - 1


async def test_a_paced_caller_keeps_its_beat() -> None:
    scripts = [Counting() for _n in range(4)]
    async with server(lambda n: OK) as (port, _seen):
        tally = await load.run_load(port, scripts, seconds=0.5, warm=0.0, every=0.1)

    assert 16 <= tally.response_count <= 24
    assert tally.percentile_ms(0) <= tally.percentile_ms(50) <= tally.percentile_ms(99)
