"""Foreign systems with faults on demand: late, repeated, out of order, refusing, silent, forgetful.

One protocol for all (docs/exchange.md), each system under its own path. How one behaves is set for it alone:
POST /flags/ {"disorder": {"ministry": {"late": 2, "twice": 1, "shuffled": true, "seed": 7}}}.
"""

import asyncio
import hashlib
import hmac
import random
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from infra.fakes.deliveries import Deliveries, signature
from infra.fakes.http import Handler, HttpError, Request, Response, Routes
from infra.fakes.store import Store

PATHS = {
    "ministry": ("persons", "answers"),
    "resource-library": ("hours", "staff", "enrolments"),
    "learning-site": (),
    "training-centre": (),
}
DEFAULT_BEHAVIOUR: dict[str, Any] = {
    "late": None,  # seconds it thinks before it answers a question
    "twice": 0,  # how many times more it sends each call-back
    "shuffled": False,  # whether call-backs overtake each other
    "refuses": "",  # the reason with which it refuses everything now
    "silent": False,  # whether it takes nothing and answers nothing
    "loses": 0,  # of each message, how many receipts get lost on the way back
    "breaks": 0,  # of each message, how often it takes it and answers 500
    "forgets": 0,  # of each message, how often it gives a receipt and keeps nothing
    "wrong_signature": False,  # whether its call-backs are signed with a wrong secret
    "calls_back": False,  # whether it sends its answers by itself
    "seed": 0,
}
SILENCE = 30.0


def stand_in_secret(system: str, key: str) -> str:
    """Return what signs the messages between a stand-in and the platform: the platform derives the same."""
    return f"stand-in:{system}:{key}"


class OutsideSystems:
    """The parts that all foreign systems share: receipts, answers, lists, call-backs, and faults on demand."""

    def __init__(self, store: Store, deliveries: Deliveries, *, key: str, ours: str) -> None:
        """Keep what is sent in this store; `key` is the platform's (for signatures), `ours` its address."""
        self.store, self.deliveries, self.key, self.ours = store, deliveries, key, ours.rstrip("/")

    def routes(self, routes: Routes) -> None:
        """Add the paths that every system has, and those of the kinds that only give a receipt."""
        for system, paths in PATHS.items():
            for path in paths:
                self.serve(routes, system, path, lambda body, request: {"accepted": True})
            routes.add("POST", f"/{system}/_push", self._pusher(system))

    def serve(
        self, routes: Routes, system: str, path: str, answer: Callable[[dict[str, Any], Request], dict[str, Any]]
    ) -> None:
        """Add the three addresses of a kind: to send, to ask, to list."""

        async def take(request: Request) -> Response:
            return await self._take(system, path, request, answer)

        async def ask(request: Request, key: str) -> Response:
            await self._wait_if_silent(system)
            return self._stored_answer(system, path, key)

        async def listing(request: Request) -> Response:
            await self._wait_if_silent(system)
            return self._listing(system, path, dict(request.query).get("since", ""))

        routes.add("POST", f"/{system}/{path}", take)
        routes.add("GET", f"/{system}/{path}", listing)
        routes.add("GET", f"/{system}/{path}/<key>", ask)

    def behaviour(self, system: str) -> dict[str, Any]:
        """Return how a system behaves now."""
        flags = self.store.flags()
        behaviour = DEFAULT_BEHAVIOUR | dict(flags["disorder"].get(system, {}))
        if system == "ministry":
            behaviour["refuses"] = behaviour["refuses"] or flags["ministry_refuses"]
            behaviour["late"] = flags["ministry_delay_seconds"] if behaviour["late"] is None else behaviour["late"]
            behaviour["twice"] = behaviour["twice"] or flags["ministry_repeats"]
        return behaviour | {"late": float(behaviour["late"] or 0)}

    async def _wait_if_silent(self, system: str) -> None:
        if self.behaviour(system)["silent"]:
            await asyncio.sleep(SILENCE)
            raise HttpError(504, {"error": "silence"})

    # --- Taking -------------------------------------------------------------------------------------------

    async def _take(
        self,
        system: str,
        path: str,
        request: Request,
        answer: Callable[[dict[str, Any], Request], dict[str, Any]],
    ) -> Response:
        await self._wait_if_silent(system)
        self._signed(system, request)
        body, behaviour = request.json(), self.behaviour(system)
        if behaviour["refuses"]:
            raise HttpError(422, {"accepted": False, "reason": behaviour["refuses"]})
        if not body.get("request_id"):
            raise HttpError(422, {"accepted": False, "missing": ["request_id"]})
        key = str(body["request_id"])
        turn = self.store.next(f"turn:{system}:{path}:{key}")
        self.store.put("came", f"{system}:{path}:{key}:{turn}", {"request_id": key, "path": path, "system": system})
        if turn <= behaviour["forgets"]:
            answer(body, request)  # what is missing is told all the same
            return Response.json({"accepted": True}, 202)
        with self.store.transaction():
            if self.store.get(f"{system}:{path}", key) is None:
                content = answer(body, request)
                record = {
                    "request_id": key,
                    "came": time.time(),
                    "ready": time.time() + behaviour["late"],
                    "answer": content,
                }
                self.store.put(f"{system}:{path}", key, record)
                self._call_back(system, path, key, body, content, behaviour)
        if turn <= behaviour["breaks"]:
            return Response.json({"error": "out of order"}, 500)
        if turn <= behaviour["loses"]:
            return Response.json({"error": "the receipt got lost"}, 502)
        return Response.json({"accepted": True}, 202)

    def _signed(self, system: str, request: Request) -> None:
        if not self.key:
            return
        header = dict(p.partition("=")[::2] for p in request.headers.get("nuoxing-signature", "").split(","))
        expected = hmac.new(
            stand_in_secret(system, self.key).encode(),
            f"{header.get('t', '')}.".encode() + request.body,
            hashlib.sha256,
        ).hexdigest()
        if not hmac.compare_digest(expected, header.get("v1", "")):
            raise HttpError(401, {"error": "the signature is wrong"})

    def _stored_answer(self, system: str, path: str, key: str) -> Response:
        record = self.store.get(f"{system}:{path}", key)
        if record is None or record["ready"] > time.time():
            return Response.json({"ready": False, "known": record is not None}, 404)
        return Response.json(record["answer"])

    def _listing(self, system: str, path: str, since: str) -> Response:
        try:
            first = datetime.fromisoformat(since).timestamp() if since else 0.0
        except ValueError:
            raise HttpError(422, {"missing": ["since"]}) from None
        rows = [row for row in self.store.newest(f"{system}:{path}", 100_000) if row["came"] >= first]
        items = [
            {"request_id": row["request_id"], "answer": row["answer"] if row["ready"] <= time.time() else None}
            for row in rows
        ]
        return Response.json({"items": items})

    # --- Calling back -------------------------------------------------------------------------------------

    def _call_back(
        self,
        system: str,
        path: str,
        key: str,
        body: Mapping[str, Any],
        content: Mapping[str, Any],
        behaviour: Mapping[str, Any],
    ) -> None:
        if url := body.get("callback_url"):
            self.deliveries.queue_callback(f"{path}:{key}", str(url), {"request_id": key, **content}, behaviour["late"])
        if behaviour["calls_back"] and path == "results":
            now = datetime.now().astimezone().isoformat()
            message = {"id": f"n-{key}", "as_of": now, "body": {"request_id": key, **content}}
            self.push(system, "certificate", message)

    def push(self, system: str, kind: str, message: dict[str, Any]) -> None:
        """Queue a message to the platform, as late, as often and in such an order as the mood says."""
        behaviour = self.behaviour(system)
        number = self.store.next(f"push:{system}")
        rng = random.Random(f"{behaviour['seed']}:{system}:{number}")  # noqa: S311  # the same disorder for the same seed
        for copy in range(1 + int(behaviour["twice"])):
            after = behaviour["late"] + (rng.uniform(0, 1.5) if behaviour["shuffled"] else copy * 0.01)
            url = f"{self.ours}/api/v1/exchange/in/{system}/{kind}/"
            self.deliveries.queue_signed(f"{system}:{number}", url, message, system, after)

    def signature(self, system: str, body: bytes) -> str:
        """Return the signature of a call-back, a wrong one where the mood says so."""
        wrong = "wrong" if self.behaviour(system)["wrong_signature"] else ""
        return signature(wrong or stand_in_secret(system, self.key), body, int(time.time()))

    def _pusher(self, system: str) -> Handler:
        async def push(request: Request) -> Response:
            """Let the system tell the platform something: {"kind", "id", "as_of", "body"}."""
            message = request.json()
            if missing := [name for name in ("kind", "id", "as_of", "body") if not message.get(name)]:
                raise HttpError(422, {"missing": missing})
            kind = str(message.pop("kind"))
            self.push(system, kind, message)
            return Response.json({"queued": True}, 202)

        return push
