"""The channel layer on LISTEN/NOTIFY: what reaches a console, and that nobody can silence it by what they notify."""

import asyncio
from typing import Any

import psycopg
from psycopg import sql

from kernel.db import roles
from kernel.web.channel_layer import CHANNEL, PostgresChannelLayer, _payload
from tenants.attempts.gateway.connections import conninfo

NO_HINTS = (
    "bar",
    "",
    "g|t_alpha.room",
    "g|t_alpha.room|%%%",
    "g|t_alpha.room|0000",
    _payload("g", "t_alpha.room", {"n": 1}),
    _payload("g", "t_alpha.room", {"type": 5}),
    _payload("g", "t_alpha.room", {"type": "websocket.receive", "text": "{}"}),
    _payload("g", "t_alpha.room", ["type"]),  # type: ignore[arg-type]  # that is the point
)


def test_what_an_institution_notifies_that_is_no_hint_reaches_nobody_and_silences_nobody(institutions: Any) -> None:
    hint = {"type": "room.hint", "n": 7}

    async def listen() -> Any:
        layer = PostgresChannelLayer(conninfo())
        try:
            channel = await layer.new_channel()
            await layer.group_add("t_alpha.room", channel)
            async with await psycopg.AsyncConnection.connect(conninfo(), autocommit=True) as other:
                await other.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(roles.role_of("t_beta"))))
                for payload in NO_HINTS:
                    await other.execute("SELECT pg_notify(%s, %s)", (CHANNEL, payload))
            await layer.group_send("t_alpha.room", hint)
            return await asyncio.wait_for(layer.receive(channel), 5)
        finally:
            await layer.close_pools()

    assert asyncio.run(listen()) == hint
