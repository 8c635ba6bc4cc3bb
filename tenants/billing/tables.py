"""Orders and prices as lists."""

from typing import Any

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from kernel.columns import PartColumn, PersonColumn, ShortTimeColumn, StateColumn

from .models import Order, Price

NUMBER = {"td": {"class": "nx-num"}, "th": {"class": "nx-num"}}


class OrderTable(tables.Table):
    """The orders of an institution."""

    number = tables.Column(verbose_name=_("Order"), linkify=("billing:order", {"order_id": tables.A("pk")}))
    payer = PersonColumn(verbose_name=_("Name"), accessor="payer")
    training_class = tables.Column(verbose_name=_("Class"), accessor="class_name")
    placed_at = ShortTimeColumn(verbose_name=_("Placed"))
    total = tables.Column(verbose_name=_("Amount"), accessor="asked", orderable=False, attrs=NUMBER)
    state = StateColumn()

    class Meta:
        model = Order
        fields = ("number", "payer", "training_class", "placed_at", "total", "state")
        empty_text = _("No orders match.")

    def render_payer(self, record: Order) -> str:
        """Return the register's name while the order waits for money."""
        return record.payer_now


class PriceTable(tables.Table):
    """The price list: what is asked for what, under which ceiling."""

    training_class = tables.Column(
        verbose_name=_("Class"),
        accessor="class_name",
        linkify=("billing:prices", {"class_id": tables.A("training_class_id")}),
    )
    fee_item = tables.Column(verbose_name=_("Fee item"))
    price = PartColumn(
        verbose_name=_("Price"), template_name="billing/parts/price_cell.html", orderable=False, empty_values=()
    )
    published_at = ShortTimeColumn(verbose_name=_("Published"))

    class Meta:
        model = Price
        fields = ("training_class", "fee_item", "price", "published_at")
        empty_text = _("No prices are published.")

    def __init__(self, data: Any, *, labels: dict[str, str], **kwargs: Any) -> None:
        """Take the names of the fee items."""
        super().__init__(data, **kwargs)
        self.labels = labels

    def render_fee_item(self, value: str) -> str:
        """Return the item's name."""
        return self.labels.get(value, value)
