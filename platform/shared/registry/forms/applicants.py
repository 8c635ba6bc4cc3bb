"""Forms of an institution: itself, its commitment, evidence, its signature."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from kernel import idnumbers
from kernel.conflicts import Difference
from kernel.errors import Refusal
from kernel.languages import enumeration, localized
from kernel.web.forms import DayField, SharedForm
from shared.policy.queries import authorities
from shared.policy.queries import packs as pack_queries
from shared.policy.states import Level
from shared.policy.values.pack import Pack

from .. import methods
from ..states import Kind

PREFIX = "line-"
MOST_OF_A_LINE = 999_999_999  # metres, yuan, people: no line asks for more


def divisions() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return every place a test site can lie in, grouped by city."""
    places = authorities.authorities()
    cities = [a for a in places if a.level in (Level.CITY, Level.NEW_AREA)]
    return [(c.label, [(c.code, c.label), *((a.code, a.label) for a in places if a.parent == c.code)]) for c in cities]


class ApplyForm(forms.Form):
    """The legal entity that wants to train."""

    name = forms.CharField(label=_("Name of the organisation"), min_length=4, max_length=120)
    credit_code = forms.CharField(
        label=_("Unified social credit code"), max_length=24, help_text=_("18 characters, as on the licence.")
    )
    kind = forms.ChoiceField(
        label=_("Has it trained before?"),
        choices=[
            (Kind.NEW, _("No: it is new, and will be verified on site")),
            (Kind.SELF_CHECK, _("Yes, before the policy of 2020: it examines itself and trains on")),
        ],
        initial=Kind.NEW,
        required=False,
        widget=forms.RadioSelect,
    )
    category = forms.ChoiceField(label=_("Category"))
    division_code = forms.ChoiceField(label=_("Division of the test site"))
    address = forms.CharField(label=_("Address of the test site"), min_length=4, max_length=200)
    legal_rep = forms.CharField(label=_("Legal representative"), min_length=2, max_length=60)
    contact = forms.CharField(label=_("Contact"), min_length=2, max_length=60)
    mobile = forms.CharField(
        label=_("Contact's mobile number"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )

    def __init__(self, *args: Any, at: datetime, **kwargs: Any) -> None:
        """Offer the categories of the policy in force and the divisions there are."""
        super().__init__(*args, **kwargs)
        pack = pack_queries.pack_at(at)
        _offer(self, "category", [("", "—"), *((c.key, c.label) for c in pack.institutions.categories)])
        of_the_province = [c.label for c in pack.institutions.categories if c.verified_by == "province"]
        if of_the_province:
            self.fields["category"].help_text = _(
                "It decides who verifies you: the province for %(categories)s, the city for all others."
            ) % {"categories": enumeration(of_the_province)}
        if pack.institutions.routing_address == "registered":
            self.fields["division_code"].label = _("Division of the registered address")
        if not pack.institutions.existing_examine_themselves:
            _offer(self, "kind", [(Kind.NEW, _("No: it is new, and will be verified on site"))])
        _offer(self, "division_code", [("", "—"), *divisions()])

    def clean_kind(self) -> str:
        """Take whoever says nothing as new."""
        return self.cleaned_data["kind"] or Kind.NEW

    def clean_credit_code(self) -> str:
        """Check the code's own check characters."""
        return _validated(idnumbers.credit_code, self.cleaned_data["credit_code"])

    def clean_mobile(self) -> str:
        """Check the shape of the number."""
        return _validated(idnumbers.mobile, self.cleaned_data["mobile"])


def _offer(form: forms.Form, name: str, choices: Sequence[Any]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)
    field.choices = choices


def _validated(check: Any, value: str) -> str:
    """Return what a check of the kernel makes of a value, its refusal as the form's own."""
    try:
        return str(check(value))
    except Refusal as refusal:
        raise forms.ValidationError(str(refusal)) from None


def _line_field(line: Any) -> forms.Field:
    """Return the field for a line; nothing is required while it is a draft."""
    unit = localized(f"（{line.unit_label}）", f" ({line.unit_label})") if line.unit_label else ""
    label = f"{line.label}{unit}"
    hint = _("At least %(n)s.") % {"n": line.minimum} if line.minimum is not None else ""
    if line.kind == "number":
        widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "nx-num"})
        return forms.DecimalField(
            label=label,
            required=False,
            min_value=0,
            max_value=MOST_OF_A_LINE,
            max_digits=11,
            decimal_places=2,
            help_text=hint,
            widget=widget,
        )
    if line.kind == "yes-no":
        choices = [(methods.YES, _("Yes")), (methods.NO, _("No"))]
        return forms.ChoiceField(label=label, required=False, choices=choices, widget=forms.RadioSelect)
    if line.kind == "date":
        return DayField(label=label, required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    return forms.CharField(label=label, required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class CommitmentForm(SharedForm):
    """The commitment form: the pack's sections and lines, and the positions to train for. Whoever speaks for the
    organisation writes in it.
    """

    positions = forms.MultipleChoiceField(
        label=_("Positions you train for"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, pack: Pack, values: Mapping[str, str], selected: Sequence[str], **kwargs: Any
    ) -> None:
        """Make one field a line, filled with what is declared so far."""
        initial = {f"{PREFIX}{key}": value for key, value in values.items()} | {"positions": list(selected)}
        stored = {line.key: values.get(line.key, "") for line in pack.commitment.lines} | {"positions": list(selected)}
        super().__init__(*args, stored=stored, **kwargs | {"initial": initial})
        self.pack = pack
        _offer(self, "positions", [(p.key, p.label) for p in pack.certifiable])
        for line in pack.commitment.lines:
            self.fields[f"{PREFIX}{line.key}"] = _line_field(line)

    def sections(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """Yield the form's sections with their fields."""
        for section in self.pack.commitment.sections:
            yield section.label, [self[f"{PREFIX}{line.key}"] for line in section.lines]

    def values(self) -> dict[str, str]:
        """Return what was entered, by line, as text."""
        entered = ((line.key, self.cleaned_data.get(f"{PREFIX}{line.key}")) for line in self.pack.commitment.lines)
        return {key: _text(value) for key, value in entered}

    def entered(self, name: str) -> Any:
        """Return a line as it is kept, or the positions."""
        return sorted(self.cleaned_data["positions"]) if name == "positions" else self.values()[name]

    def texts(self, name: str, value: Any) -> dict[str, str | list[str]]:
        """Return the field of a line, or the positions."""
        return {self.field_of(name): value}

    def field_of(self, name: str) -> str:
        """Return the field of a line, or the positions."""
        return name if name == "positions" else f"{PREFIX}{name}"

    def shown(self, name: str, difference: Difference) -> str:
        """Return what is stored in the words of the form."""
        return _in_words(self.pack, name, difference.stored)


def _in_words(pack: Pack, name: str, stored: Any) -> str:
    """Return what is declared at a line, or the positions, in the words of the form."""
    if name == "positions":
        return enumeration(p.label for p in pack.certifiable if p.key in stored) or "—"
    return {methods.YES: str(_("Yes")), methods.NO: str(_("No"))}.get(stored, stored) or "—"


def _text(value: Any) -> str:
    """Return a value of the form as a line keeps it."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value).strip()


class EvidenceForm(forms.Form):
    """A file for a line."""

    key = forms.ChoiceField(label=_("Which line it proves"))
    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF or picture, at most 20 MB."),
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png,image/webp"}),
    )

    def __init__(self, *args: Any, pack: Pack, **kwargs: Any) -> None:
        """Offer the lines of the form."""
        super().__init__(*args, **kwargs)
        _offer(self, "key", [(s.label, [(x.key, x.label) for x in s.lines]) for s in pack.commitment.sections])


class SignForm(SharedForm):
    """The commitment's text, clause by clause, and the signature under what the page shows."""

    accepted = forms.MultipleChoiceField(
        label=_("We commit ourselves to every clause"), widget=forms.CheckboxSelectMultiple
    )
    signed_name = forms.CharField(
        label=_("Signature: your full name"),
        min_length=2,
        max_length=60,
        help_text=_("It stands under the commitment together with today's date."),
    )

    def __init__(self, *args: Any, pack: Pack, **kwargs: Any) -> None:
        """Show the clauses in the reader's language; what is signed is the Chinese text."""
        super().__init__(*args, **kwargs)
        _offer(self, "accepted", [(c.key, c.label) for c in pack.commitment.clauses])
        self.pack = pack

    def shown(self, name: str, difference: Difference) -> str:
        """Return which line it is, and what is declared there now."""
        lines = {line.key: line.label for line in self.pack.commitment.lines} | {"positions": _("Positions")}
        if name.endswith(methods.FILES):
            return _("%(line)s: other files") % {"line": lines[name.removesuffix(methods.FILES)]}
        return lines[name] + pgettext("label and value", ": ") + _in_words(self.pack, name, difference.stored)


class WithdrawForm(forms.Form):
    """Why a commitment is taken back."""

    why = forms.CharField(label=_("Reason (may be left out)"), required=False, max_length=300)
