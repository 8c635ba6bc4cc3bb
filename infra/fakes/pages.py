"""Pages of the stand-ins: Stripe's payment page, the SMS that were sent, an index."""

import html

from infra.fakes.http import Request, Response, Routes
from infra.fakes.payments import LATE, Payments
from infra.fakes.store import Store

METHOD_NAMES = {"card": "银行卡 Card", "alipay": "支付宝 Alipay", "wechat_pay": "微信支付 WeChat Pay"}
DEMO = '<p><b class="demo">演示收银台 · 不会真正扣款 / Demonstration: no money moves</b></p>'


class Pages:
    """The pages of the stand-ins."""

    def __init__(self, store: Store, payments: Payments) -> None:
        """Show what is kept there."""
        self.store, self.payments = store, payments

    def routes(self, routes: Routes) -> None:
        """Add the pages' paths."""
        routes.add("GET", "/", self.index)
        routes.add("GET", "/healthz", self.health)
        routes.add("GET", "/favicon.ico", self.no_icon)
        routes.add("GET", "/pay/<key>", self.pay_page)
        routes.add("POST", "/pay/<key>", self.pay)
        routes.add("POST", "/stripe/_pay/<key>", self.pay_by_program)
        routes.add("POST", "/sms", self.take_sms)
        routes.add("GET", "/sms", self.list_sms)
        routes.add("GET", "/flags", self.show_flags)
        routes.add("POST", "/flags", self.set_flags)

    async def index(self, request: Request) -> Response:
        """Say what this is."""
        links = '<li><a href="/sms/">SMS</a></li><li><a href="/flags/">flags</a></li>'
        return Response.page(
            "Stand-ins", f"<h1>Nuoxing: stand-ins for Stripe, the ministry and SMS</h1>{DEMO}<ul>{links}</ul>"
        )

    async def health(self, request: Request) -> Response:
        """Say that it lives."""
        return Response.json({"status": "ok"})

    async def no_icon(self, request: Request) -> Response:
        """Say that there is no icon, so that no browser complains."""
        return Response(204)

    # --- the payment page --------------------------------------------------------------------------------

    async def pay_page(self, request: Request, key: str) -> Response:
        """Show what is to be paid, and how."""
        session = self.payments.session(key)
        if session["status"] != "open":
            words = "已支付或已失效 / This payment is complete or has expired."
            return Response.page("Checkout", f"{DEMO}<p>{words}</p>{_back(session)}", 410)
        if (method := dict(request.query).get("scan")) in LATE:
            return Response.page("Checkout", self._scan(key, method, session["amount_total"]))
        names = "、".join(html.escape(name) for name in self.payments.names(key))
        buttons = "".join(_button(key, method) for method in session["payment_method_types"])
        return Response.page(
            "Checkout", f"{DEMO}<h1>{names}</h1>{_amount(session['amount_total'])}{buttons}<p>{_back(session)}</p>"
        )

    @staticmethod
    def _scan(key: str, method: str, amount: int) -> str:
        form = (
            f'<form method="post" action="/pay/{html.escape(key)}"><input type="hidden" name="method" value="{method}">'
        )
        done = '<button name="outcome" value="succeed">我已扫码支付 / I have paid</button>'
        failed = '<button class="plain" name="outcome" value="fail">支付失败 / It fails</button></form>'
        return (
            f"{DEMO}<h1>{METHOD_NAMES[method]}</h1>{_amount(amount)}<p>（演示二维码 / QR code）</p>{form}{done}{failed}"
        )

    async def pay(self, request: Request, key: str) -> Response:
        """Take the customer's choice and send the browser back to the shop."""
        form = request.form()
        outcome = form.get("outcome", "succeed")
        session = self.payments.pay(key, str(form.get("method", "card")), outcome=str(outcome))
        return Response.to(self.payments.success_address(session))

    async def pay_by_program(self, request: Request, key: str) -> Response:
        """Pay without a browser, for the walk: {"method": "card", "outcome": "succeed"}, both optional."""
        body = request.json()
        session = self.payments.pay(key, str(body.get("method", "card")), outcome=str(body.get("outcome", "succeed")))
        return Response.json({"session": session, "return_to": self.payments.success_address(session)})

    # --- SMS ---------------------------------------------------------------------------------------------

    async def take_sms(self, request: Request) -> Response:
        """Take an SMS: {"to", "text"}; asked again under the same "key", take it once."""
        body = request.json()
        if not body.get("to") or not body.get("text"):
            return Response.json({"error": "to and text are needed"}, 422)
        key = str(body.get("key") or self.store.next("sms"))
        self.store.put("sms", key, {"to": str(body["to"]), "text": str(body["text"])})
        return Response.json({"taken": True, "key": key}, 202)

    async def list_sms(self, request: Request) -> Response:
        """Show the SMS that were taken, newest first."""
        rows = self.store.newest("sms")
        if not request.wants_html:
            return Response.json({"messages": rows})
        lines = "".join(f"<tr><td>{html.escape(r['to'])}</td><td>{html.escape(r['text'])}</td></tr>" for r in rows)
        return Response.page("SMS", f"<h1>SMS</h1><table>{lines or '<tr><td>—</td></tr>'}</table>")

    # --- flags -------------------------------------------------------------------------------------------

    async def show_flags(self, request: Request) -> Response:
        """Show how the stand-ins behave."""
        return Response.json(self.store.flags())

    async def set_flags(self, request: Request) -> Response:
        """Change how they behave."""
        try:
            self.store.set_flags(request.json())
        except ValueError as unknown:
            return Response.json({"error": f"no such flag or value: {unknown}", "flags": self.store.flags()}, 422)
        return Response.json(self.store.flags())


def _amount(fen: int) -> str:
    return f'<p class="amount">¥{fen // 100:,}.{fen % 100:02d}</p>'


def _button(key: str, method: str) -> str:
    name, safe = METHOD_NAMES[method], html.escape(key)
    if method in LATE:
        return f'<form method="get" action="/pay/{safe}"><button name="scan" value="{method}">{name}</button></form>'
    return f'<form method="post" action="/pay/{safe}"><button name="method" value="{method}">{name}</button></form>'


def _back(session: dict[str, object]) -> str:
    address = html.escape(str(session["cancel_url"] or "/"))
    return f'<a href="{address}">返回 / Go back</a>'
