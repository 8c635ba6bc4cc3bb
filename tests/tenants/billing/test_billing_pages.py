"""The pages of billing: the window, the price desk, a trainee's order, the till, receipts."""

from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from kernel.money import Money
from support.shared_forms import made_from
from tenants.billing import adapters as billing_adapters
from tenants.billing.models import Order, Payment, Price, Refund


def test_the_window_shows_standing_classes_and_prices_under_their_ceilings(school: Any, acting: Any) -> None:
    visitor = acting()
    assert visitor.get("/").status_code == 200
    training_class = school.open_class(amount=Money(88_000))
    page = visitor.get("/").text
    assert "演示一班" in page
    assert "¥880.00" in page
    assert "¥1,000.00" in page
    assert "演示〔2026〕1号" in page
    assert f"/classes/{training_class.pk}/apply/" in page
    assert "¥880.00" in visitor.get(f"/classes/{training_class.pk}/").text


def test_a_planned_class_is_not_public(school: Any, acting: Any) -> None:
    training_class = school.training_class()
    assert acting().get(f"/classes/{training_class.pk}/").status_code == 404


def test_a_price_is_published_at_the_desk_and_the_class_opened(school: Any, acting: Any) -> None:
    school.cap()
    training_class = school.training_class()
    desk, path = acting(school.registrar), f"/staff/classes/{training_class.pk}/prices/"
    assert desk.post(f"/staff/classes/{training_class.pk}/opening/").url == path
    price = {"fee_item": "training", "unit": "person", "base": "1000.01"}
    price |= made_from(desk, path)
    refused = desk.post(path, price)
    assert (refused.status_code, "¥1,000.00" in refused.text, Price.objects.count()) == (422, True, 0)
    for wrong in ("", "abc", "-1", "12.345", "NaN", "1e99"):
        assert desk.post(path, price | {"base": wrong}).status_code == 422
    assert desk.post(path, price | {"base": "¥880"}).status_code == 302
    assert "¥880.00" in desk.get(path).text
    assert "¥880.00" in desk.get("/staff/prices/").text
    assert desk.post(f"/staff/classes/{training_class.pk}/opening/").url == f"/staff/classes/{training_class.pk}/"
    training_class.refresh_from_db()
    assert training_class.state == "open"
    assert desk.post(f"/staff/prices/{Price.objects.get().pk}/withdrawal/").status_code == 302
    assert Price.objects.get().withdrawn_at == school.at


def test_of_two_at_the_desk_neither_s_price_takes_the_place_of_the_other_s_unseen(school: Any, acting: Any) -> None:
    school.cap()
    training_class = school.training_class()
    desk, path = acting(school.registrar), f"/staff/classes/{training_class.pk}/prices/"
    price, seen = {"fee_item": "training", "unit": "person"}, made_from(desk, path)
    assert desk.post(path, price | seen | {"base": "880"}).status_code == 302
    answer = desk.post(path, price | seen | {"base": "780"})
    form = answer.context["form"]
    assert (answer.status_code, "¥880.00" in str(form.errors["base"]), form["base"].value()) == (422, True, "780")
    assert [row.base for row in Price.objects.filter(withdrawn_at=None)] == [Money(88_000)]
    again = price | {"base": "780", "made_from": form["made_from"].value()}
    assert desk.post(path, again).status_code == 302
    assert [row.base for row in Price.objects.filter(withdrawn_at=None)] == [Money(78_000)]
    seen = made_from(desk, path)
    desk.post(f"/staff/prices/{Price.objects.get(withdrawn_at=None).pk}/withdrawal/")
    assert desk.post(path, price | seen | {"base": "790"}).status_code == 422
    assert Price.objects.filter(withdrawn_at=None).count() == 0


def test_without_a_ceiling_the_words_name_who_must_enter_it(school: Any, acting: Any) -> None:
    training_class = school.training_class()
    price = {"fee_item": "training", "unit": "person", "base": "1"}
    desk, path = acting(school.registrar), f"/staff/classes/{training_class.pk}/prices/"
    answer = desk.post(path, price | made_from(desk, path))
    assert (answer.status_code, "江西省住房和城乡建设厅" in answer.text) == (422, True)


def test_a_trainee_reserves_pays_at_the_counter_and_has_a_receipt(school: Any, acting: Any) -> None:
    person = school.person()
    enrolment = school.applied(school.open_class().pk, person)
    client, cashier = acting(person), acting(school.cashier)
    answer = client.post(f"/my/enrolments/{enrolment.pk}/order/")
    order = Order.objects.get()
    assert answer.url == f"/my/orders/{order.pk}/"
    assert order.number in client.get(answer.url).text
    seen = {"what": "毕业证原件"}
    assert acting(school.registrar).post(f"/staff/enrolments/{enrolment.pk}/originals/", seen).status_code == 302
    path = f"/staff/orders/{order.pk}/payments/"
    assert cashier.post(path, {"method": "cash", "amount": "879.99"}).status_code == 422
    assert cashier.post(path, {"method": "gold", "amount": "880"}).status_code == 422
    assert cashier.post(path, {"method": "transfer", "amount": "880"}).status_code == 422
    assert not Payment.objects.exists()
    assert cashier.post(path, {"method": "cash", "amount": "880"}).status_code == 302
    payment = Payment.objects.get()
    assert payment.receipt_number in cashier.get(f"/staff/orders/{order.pk}/").text
    pdf = client.get(f"/my/payments/{payment.pk}/receipt/")
    assert (pdf.status_code, pdf["Content-Type"], pdf["X-Content-Type-Options"]) == (200, "application/pdf", "nosniff")
    text = "".join(PdfReader(BytesIO(pdf.content)).pages[0].extract_text().split())
    for words in ("2026-000001", "演示甲", "¥880.00", "捌佰捌拾元整", "演示〔2026〕1号", "演示数据"):
        assert words in text
    assert cashier.get(f"/staff/payments/{payment.pk}/receipt/").content == pdf.content
    stranger = acting(school.person("演示乙"))
    assert stranger.get(f"/my/payments/{payment.pk}/receipt/").status_code == 404
    check = acting().get(f"/receipts/{payment.pk}/").text
    assert ("¥880.00" in check, "演示甲" in check, "演*甲" in check) == (True, False, True)


def test_a_receipt_that_cannot_be_printed_says_which_character(school: Any, acting: Any) -> None:
    person = school.person("演𠀀")
    _enrolment, order = school.ordered(school.open_class().pk, person)
    acting(school.cashier).post(f"/staff/orders/{order.pk}/payments/", {"method": "cash", "amount": "880"})
    answer = acting(person).get(f"/my/payments/{Payment.objects.get().pk}/receipt/")
    assert (answer.status_code, "𠀀" in answer.text, "U+20000" in answer.text) == (422, True, True)


def test_an_order_is_nobody_else_s(school: Any, acting: Any) -> None:
    enrolment, order = school.ordered(school.open_class().pk, school.person())
    stranger = acting(school.person("演示乙"))
    assert stranger.get(f"/my/orders/{order.pk}/").status_code == 404
    for path in (f"/my/orders/{order.pk}/checkout/", f"/my/enrolments/{enrolment.pk}/withdrawal/"):
        assert stranger.post(path).status_code == 404
    assert stranger.get(f"/staff/orders/{order.pk}/").status_code == 403
    order.refresh_from_db()
    assert order.state == "open"


def test_only_the_till_takes_and_gives_money(school: Any, acting: Any) -> None:
    _enrolment, order = school.ordered(school.open_class().pk, school.person())
    money = {"method": "cash", "amount": "880"}
    for who in (school.registrar, school.teacher):
        assert acting(who).post(f"/staff/orders/{order.pk}/payments/", money).status_code == 403
    assert acting(school.registrar).get(f"/staff/orders/{order.pk}/").status_code == 200
    assert not Payment.objects.exists()


def test_a_refund_is_made_at_the_till(school: Any, acting: Any) -> None:
    _enrolment, order, payment = school.paid(school.open_class().pk, school.person())
    cashier, path = acting(school.cashier), f"/staff/payments/{payment.pk}/refunds/"
    for wrong in ({"amount": "880.01", "why": "演示"}, {"amount": "0", "why": "演示"}, {"amount": "1", "why": ""}):
        assert cashier.post(path, wrong).status_code == 422
    assert not Refund.objects.exists()
    assert cashier.post(path, {"amount": "80", "why": "演示"}).status_code == 302
    assert Refund.objects.get().amount == Money(8_000)
    assert "¥80.00" in cashier.get(f"/staff/orders/{order.pk}/").text


def test_withdrawing_from_either_side_gives_the_seat_back(school: Any, acting: Any) -> None:
    training_class, person = school.open_class(), school.person()
    one, _order = school.ordered(training_class.pk, person)
    assert acting(person).post(f"/my/enrolments/{one.pk}/withdrawal/").url == "/my/"
    two, _order = school.ordered(training_class.pk, person)
    desk = acting(school.registrar)
    desk.post(f"/staff/enrolments/{two.pk}/withdrawal/", {"why": ""})
    two.refresh_from_db()
    assert two.state == "enrolled"
    desk.post(f"/staff/enrolments/{two.pk}/withdrawal/", {"why": "电话告知"})
    two.refresh_from_db()
    training_class.refresh_from_db()
    assert (two.state, training_class.seats_taken) == ("withdrawn", 0)


def test_paying_online_leads_to_the_page_and_back_and_only_stripe_is_believed(
    school: Any, acting: Any, stripe: Any
) -> None:
    person = school.person()
    _enrolment, order = school.ordered(school.open_class().pk, person)
    client = acting(person)
    answer = client.post(f"/my/orders/{order.pk}/checkout/")
    assert answer.url.startswith(stripe.base + "/pay/")
    back = f"/my/orders/{order.pk}/return/"
    assert 'data-state="cancelled"' in client.get(back).text
    order.refresh_from_db()
    assert order.state == "open"
    stripe.pay(answer.url.rpartition("/")[2])
    assert 'data-state="arrived"' in client.get(back).text
    order.refresh_from_db()
    assert order.state == "paid"


def test_where_stripe_is_away_the_page_says_so(school: Any, acting: Any, stripe: Any, settings: Any) -> None:
    person = school.person()
    _enrolment, order = school.ordered(school.open_class().pk, person)
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    billing_adapters._client.cache_clear()
    assert acting(person).post(f"/my/orders/{order.pk}/checkout/").status_code == 503
    settings.STRIPE_SECRET_KEY = ""
    assert acting(person).get(f"/my/orders/{order.pk}/").status_code == 200
    assert acting(person).post(f"/my/orders/{order.pk}/checkout/").status_code == 409


@pytest.mark.parametrize("people", [1, 3])
def test_the_orders_ask_as_much_for_one_as_for_three(
    school: Any, acting: Any, people: int, django_assert_num_queries: Any
) -> None:
    training_class = school.open_class()
    for name in ("演示甲", "演示乙", "演示丙")[:people]:
        school.ordered(training_class.pk, school.person(name))
    client = acting(school.cashier)
    client.get("/staff/orders/")
    with django_assert_num_queries(1):
        page = client.get("/staff/orders/")
    assert page.text.count("¥880.00") == people


@pytest.mark.parametrize("classes", [1, 3])
def test_the_window_asks_as_much_for_one_class_as_for_three(
    school: Any, acting: Any, classes: int, django_assert_num_queries: Any
) -> None:
    for _n in range(classes):
        school.open_class()
    visitor = acting()
    visitor.get("/")
    with django_assert_num_queries(7):
        assert visitor.get("/").status_code == 200


def test_what_the_page_of_an_order_no_longer_offers_is_refused_in_words(school: Any, acting: Any) -> None:
    _enrolment, order, payment = school.paid(school.open_class().pk, school.person())
    cashier = acting(school.cashier)
    for path, entry in (
        (f"/staff/orders/{order.pk}/payments/", {"method": "cash", "amount": "880"}),
        (f"/staff/orders/{order.pk}/payments/", {"method": "cash", "amount": ""}),
    ):
        answer = cashier.post(path, entry, headers={"accept": "application/json"})
        assert (answer.status_code >= 400, answer["Content-Type"]) == (True, "application/problem+json")
        assert answer.json()["detail"]
    path, entry = f"/staff/payments/{payment.pk}/refunds/", {"amount": "880", "why": "演示退费"}
    assert cashier.post(path, entry).status_code == 302
    assert cashier.post(path, entry, headers={"accept": "application/json"}).json()["detail"]
    assert (Payment.objects.count(), Refund.objects.count()) == (1, 1)
