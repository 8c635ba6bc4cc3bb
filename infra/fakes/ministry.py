"""The ministry's system: takes listed institutions and passed tests, thinks, and answers with numbers.

Every number says 演示, so that none can be taken for an official one. Identity numbers are checked for being there and
are not kept.
"""

import time
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from infra.fakes.deliveries import Deliveries
from infra.fakes.store import Store
from infra.fakes.wire import Answer, Refused, Request, Routes

CHINA = ZoneInfo("Asia/Shanghai")
RESULT = ("result_id", "position", "name", "id_number", "score", "institution_credit_code", "tested_on")


def _moment(request: Request) -> datetime:
    """Return the time of a request: its own (Nuoxing-Now), else real time."""
    try:
        given = datetime.fromisoformat(request.headers.get("nuoxing-now", ""))
    except ValueError:
        return datetime.now(CHINA)
    return given.astimezone(CHINA) if given.tzinfo else given.replace(tzinfo=CHINA)


def _needed(body: dict[str, Any], *names: str, where: str = "") -> None:
    missing = [where + name for name in names if body.get(name) in (None, "")]
    if missing:
        raise Refused(422, {"accepted": False, "missing": missing})


class Ministry:
    """The stand-in for 住建部管理信息系统."""

    def __init__(self, store: Store, deliveries: Deliveries) -> None:
        """Keep what is sent in this store; answer by call-back through these deliveries where that is wished."""
        self.store, self.deliveries = store, deliveries

    def routes(self, routes: Routes) -> None:
        """Add the ministry's paths."""
        routes.add("POST", "/ministry/institutions", self.take_institution)
        routes.add("GET", "/ministry/institutions/<key>", self.receipt)
        routes.add("POST", "/ministry/results", self.take_results)
        routes.add("GET", "/ministry/results/<key>", self.certificates)

    def _refuse_if_told(self) -> None:
        if reason := self.store.flags()["ministry_refuses"]:
            raise Refused(422, {"accepted": False, "reason": reason})

    def _take(self, kind: str, body: dict[str, Any], answer: dict[str, Any]) -> Answer:
        """Keep a request with the answer it will get; the same request again changes nothing."""
        key = str(body["request_id"])
        if self.store.get(kind, key) is None:
            delay = float(self.store.flags()["ministry_delay_seconds"])
            self.store.put(kind, key, {"ready": time.time() + delay, "answer": answer})
            if url := body.get("callback_url"):
                self.deliveries.queue_callback(f"{kind}:{key}", str(url), {"request_id": key} | answer, delay)
        return Answer.json({"accepted": True}, 202)

    def _answer(self, kind: str, key: str) -> Answer:
        known = self.store.get(kind, key)
        if known is None or known["ready"] > time.time():
            return Answer.json({"ready": False, "known": known is not None}, 404)
        return Answer.json(known["answer"])

    # --- institutions ------------------------------------------------------------------------------------

    async def take_institution(self, request: Request) -> Answer:
        """Take an institution that was verified and publicly noticed."""
        body = request.json()
        self._refuse_if_told()
        _needed(body, "request_id", "organisation")
        organisation = body["organisation"] if isinstance(body["organisation"], dict) else {}
        _needed(organisation, "name", "credit_code", where="organisation.")
        with self.store.at_once():
            if (known := self.store.get("credit-code", organisation["credit_code"])) is None:
                moment = _moment(request)
                number = f"演示-收-{moment:%Y}-{self.store.next(f'receipt:{moment:%Y}'):06d}"
                known = {"receipt_no": number, "received_at": moment.isoformat(timespec="seconds")}
                self.store.put("credit-code", organisation["credit_code"], known)
            return self._take("institution", body, known)

    async def receipt(self, request: Request, key: str) -> Answer:
        """Return the receipt of an institution, once there is one."""
        return self._answer("institution", key)

    # --- results -----------------------------------------------------------------------------------------

    async def take_results(self, request: Request) -> Answer:
        """Take passed tests; each gets one number, however often and in whatever request it comes."""
        body = request.json()
        self._refuse_if_told()
        _needed(body, "request_id", "results")
        results = body["results"]
        if not isinstance(results, list) or not all(isinstance(r, dict) for r in results):
            raise Refused(422, {"accepted": False, "missing": ["results"]})
        for place, result in enumerate(results):
            _needed(result, *RESULT, where=f"results[{place}].")
        with self.store.at_once():
            certificates = [self._certificate(result, request) for result in results]
            return self._take("results", body, {"certificates": certificates})

    def _certificate(self, result: dict[str, Any], request: Request) -> dict[str, str]:
        key = str(result["result_id"])
        known = self.store.get("certificate", key)
        if known is None:
            day = self._issue_day(result, request)
            number = f"演示-JX-{day:%y}-{self.store.next(f'certificate:{day:%Y}'):06d}"
            known = {"result_id": key, "number": number, "issued_on": day.isoformat()}
            self.store.put("certificate", key, known)
        return {name: str(value) for name, value in known.items()}

    @staticmethod
    def _issue_day(result: dict[str, Any], request: Request) -> date:
        """Return the request's day if it brings its own time, else the day of the test."""
        if "nuoxing-now" in request.headers:
            return _moment(request).date()
        try:
            return date.fromisoformat(str(result["tested_on"])[:10])
        except ValueError:
            raise Refused(422, {"accepted": False, "missing": ["tested_on"]}) from None

    async def certificates(self, request: Request, key: str) -> Answer:
        """Return the certificates of a request, once there are any."""
        return self._answer("results", key)
