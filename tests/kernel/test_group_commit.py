"""The group committer: answered after commit, one bad row harms nobody, a full queue refuses."""

import asyncio
from collections.abc import Sequence

import pytest

from kernel.db.group_commit import GroupCommitter, Overloaded


async def test_what_arrives_during_a_commit_becomes_the_next_batch() -> None:
    batches: list[list[int]] = []

    async def write(items: Sequence[int]) -> list[int]:
        batches.append(list(items))
        await asyncio.sleep(0.01)
        return [n * 2 for n in items]

    committer = GroupCommitter(write)
    results = await asyncio.gather(*(committer.submit(n) for n in range(50)))
    assert results == [n * 2 for n in range(50)]
    assert [n for batch in batches for n in batch] == list(range(50))
    assert len(batches) < 10


async def test_one_bad_row_does_not_fail_the_others() -> None:
    async def write(items: Sequence[int]) -> list[int]:
        if 3 in items:
            raise ValueError("bad row")
        return list(items)

    committer = GroupCommitter(write)
    results = await asyncio.gather(*(committer.submit(n) for n in range(6)), return_exceptions=True)
    assert [r for r in results if not isinstance(r, Exception)] == [0, 1, 2, 4, 5]
    assert isinstance(results[3], ValueError)


async def test_a_full_queue_refuses_at_once_and_keeps_what_it_took() -> None:
    gate = asyncio.Event()

    async def write(items: Sequence[int]) -> list[int]:
        await gate.wait()
        return list(items)

    committer = GroupCommitter(write, max_waiting=2, batch_size=1)
    first = asyncio.create_task(committer.submit(0))
    await asyncio.sleep(0.01)  # taken from the queue, waiting for its commit
    waiting = [asyncio.create_task(committer.submit(n)) for n in (1, 2)]
    await asyncio.sleep(0.01)
    with pytest.raises(Overloaded):
        await committer.submit(3)
    gate.set()
    assert await asyncio.gather(first, *waiting) == [0, 1, 2]


async def test_a_small_batch_waits_for_company() -> None:
    batches: list[int] = []

    async def write(items: Sequence[int]) -> list[int]:
        batches.append(len(items))
        return list(items)

    async def late(committer: GroupCommitter[int, int], n: int) -> int:
        await asyncio.sleep(0.005)
        return await committer.submit(n)

    committer = GroupCommitter(write, linger=0.1)
    assert await asyncio.gather(committer.submit(1), late(committer, 2)) == [1, 2]
    assert batches == [2]
