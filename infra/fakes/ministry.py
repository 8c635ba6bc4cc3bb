"""The ministry's system: takes listed institutions and passed tests and answers later with numbers.

Every number says 演示, so that none can be taken for an official one. Identity numbers are checked for being there and
are not kept.
"""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from infra.fakes.http import HttpError, Request, Routes
from infra.fakes.store import Store
from infra.fakes.systems import OutsideSystems

CHINA = ZoneInfo("Asia/Shanghai")
RESULT = ("result_id", "position", "name", "id_number", "score", "institution_credit_code", "tested_on")


def _moment(request: Request) -> datetime:
    """Return the time of a request: its own (Nuoxing-Now), else real time."""
    try:
        moment = datetime.fromisoformat(request.headers.get("nuoxing-now", ""))
    except ValueError:
        return datetime.now(CHINA)
    return moment.astimezone(CHINA) if moment.tzinfo else moment.replace(tzinfo=CHINA)


def _require(body: dict[str, Any], *names: str, where: str = "") -> None:
    missing = [where + name for name in names if body.get(name) in (None, "")]
    if missing:
        raise HttpError(422, {"accepted": False, "missing": missing})


class Ministry:
    """The stand-in for 住建部管理信息系统: receipts for institutions, numbers for passed tests."""

    def __init__(self, store: Store, outside: OutsideSystems) -> None:
        """Keep what is given in this store; how it behaves is the business of all outside systems."""
        self.store, self.outside = store, outside

    def routes(self, routes: Routes) -> None:
        """Add the ministry's paths."""
        self.outside.serve(routes, "ministry", "institutions", self.take_institution)
        self.outside.serve(routes, "ministry", "results", self.take_results)

    def take_institution(self, body: dict[str, Any], request: Request) -> dict[str, Any]:
        """Take an institution that was verified and publicly noticed; one receipt per credit code."""
        _require(body, "organisation")
        organisation = body["organisation"] if isinstance(body["organisation"], dict) else {}
        _require(organisation, "name", "credit_code", where="organisation.")
        if (receipt := self.store.get("credit-code", organisation["credit_code"])) is None:
            moment = _moment(request)
            number = f"演示-收-{moment:%Y}-{self.store.next(f'receipt:{moment:%Y}'):06d}"
            receipt = {"receipt_no": number, "received_at": moment.isoformat(timespec="seconds")}
            self.store.put("credit-code", organisation["credit_code"], receipt)
        return receipt

    def take_results(self, body: dict[str, Any], request: Request) -> dict[str, Any]:
        """Take passed tests; each gets one number, however often and in whatever request it comes."""
        _require(body, "results")
        results = body["results"]
        if not isinstance(results, list) or not all(isinstance(r, dict) for r in results):
            raise HttpError(422, {"accepted": False, "missing": ["results"]})
        for place, result in enumerate(results):
            _require(result, *RESULT, where=f"results[{place}].")
        return {"certificates": [self._certificate(result, request) for result in results]}

    def _certificate(self, result: dict[str, Any], request: Request) -> dict[str, str]:
        key = str(result["result_id"])
        certificate = self.store.get("certificate", key)
        if certificate is None:
            day = self._issue_day(result, request)
            number = f"演示-{day:%y}-{self.store.next(f'certificate:{day:%Y}'):06d}"
            certificate = {"result_id": key, "number": number, "issued_on": day.isoformat()}
            self.store.put("certificate", key, certificate)
        return {name: str(value) for name, value in certificate.items()}

    @staticmethod
    def _issue_day(result: dict[str, Any], request: Request) -> date:
        """Return the request's day if it brings its own time, else the day of the test."""
        if "nuoxing-now" in request.headers:
            return _moment(request).date()
        try:
            return date.fromisoformat(str(result["tested_on"])[:10])
        except ValueError:
            raise HttpError(422, {"accepted": False, "missing": ["tested_on"]}) from None
