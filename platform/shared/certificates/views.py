"""Verification for everybody, one's own certificates, the officer's and the staff's lists."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kernel import access, clock
from kernel.errors import NotFound
from kernel.tables import ValueRows, paged
from kernel.web.callers import counted_as
from kernel.web.forms import submit
from kernel.web.http import Request, page
from shared.policy.queries import packs as pack_queries

from . import rules
from .filters import AuthorityFilter, CertificateFilter
from .forms import CorrectionForm, ReportForm, RevocationForm, VerifyForm
from .operations import corrections as certificate_corrections
from .operations import lookups
from .queries import lives, verification
from .queries import rows as certificate_rows
from .tables import AuthorityTable, CertificateTable

TYPED_A_MINUTE, SCANNED_A_MINUTE = 20, 120  # per address; a company's people share one


@access.public
@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: Request) -> HttpResponse:
    """Ask for a number and a name, and lead to the certificate's page."""
    form = VerifyForm(_sent(request))
    if form.is_valid():
        lookups.limit_lookups(
            channel="typed", caller=counted_as(request), per_minute=TYPED_A_MINUTE, real=clock.real_now()
        )
        token = verification.token_of(**form.cleaned_data)
        if token is not None:
            return redirect("certificates:verified", token=token)
        form.add_error(
            None, _("There is no certificate with this number and this name. Check both, character by character.")
        )
    return page(request, "certificates/verify.html", {"form": form}, status=422 if form.is_bound else 200)


@access.public
@require_safe
def certificate_by_token(request: Request, token: str) -> HttpResponse:
    """Show what a certificate says and how it stands at this moment."""
    lookups.limit_lookups(
        channel="scanned", caller=counted_as(request), per_minute=SCANNED_A_MINUTE, real=clock.real_now()
    )
    try:
        certificate = verification.public_certificate(token, at=request.now)
    except NotFound:
        response = page(request, "certificates/no_such.html", status=404)
    else:
        response = page(request, "certificates/verified.html", {"certificate": certificate})
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Cache-Control"] = "no-store"
    return response


# --- The holder -------------------------------------------------------------------------------------


@access.signed_in
@require_safe
def mine(request: Request) -> HttpResponse:
    """Show one's own certificates and those on their way."""
    return page(
        request, "certificates/mine.html", {"certificates": certificate_rows.certificates_of(request.actor.person_id)}
    )


@access.signed_in
@require_POST
def copies(request: Request, certificate_id: uuid.UUID) -> HttpResponse:
    """Make the holder's own copy, with the whole number, and hand it out."""
    name, pdf = certificate_corrections.own_copy(certificate_id=certificate_id, by=request.actor, at=request.now)
    return HttpResponse(
        pdf,
        content_type="application/pdf",
        headers={
            "Content-Disposition": str(content_disposition_header(True, name)),
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


@access.signed_in
@require_safe
def document(request: Request, certificate_id: uuid.UUID) -> HttpResponseRedirect:
    """Lead to the kept document, in which the number is masked."""
    return HttpResponseRedirect(certificate_rows.document_path(request.actor, certificate_id))


# --- The authority ----------------------------------------------------------------------------------


@access.requires(rules.sees)
@require_safe
def authority_list(request: Request) -> HttpResponse:
    """List the certificates of the authority's institutions."""
    seen = certificate_rows.certificates_for_officer(request.actor)
    filtered = AuthorityFilter(request.GET, queryset=seen.rows, pack=pack_queries.pack_at(request.now))
    table = paged(request, AuthorityTable(ValueRows(certificate_rows.lines(filtered.qs))))
    context = {"filter": filtered, "table": table, "refused": seen.refused}
    return page(request, "certificates/authority_list.html", context)


@access.requires(rules.sees)
@require_safe
def authority_detail(request: Request, certificate_id: uuid.UUID) -> HttpResponse:
    """Show one certificate with its life, its versions, and what may be done with it."""
    return page(request, "certificates/authority_detail.html", _detail_context(request, certificate_id))


@access.requires(rules.decides)
@require_http_methods(["GET", "HEAD", "POST"])
def correction(request: Request, certificate_id: uuid.UUID) -> HttpResponse:
    """Correct a certificate: what it says stands in the form."""
    row = certificate_rows.certificate_for_officer(request.actor, certificate_id)
    snapshot = certificate_rows.current(row).snapshot
    shown = {name: snapshot[name] for name in certificate_corrections.CORRECTED}
    form = CorrectionForm(_sent(request), stored=shown, initial=shown)
    if submit(
        form,
        lambda: certificate_corrections.correct(
            certificate_id=row.pk, **form.cleaned_data, by=request.actor, at=request.now
        ),
    ):
        messages.success(request, _("Corrected: a new version stands under the same number."))
        return redirect("certificates:authority-detail", certificate_id=row.pk)
    context = {"certificate": row, "form": form}
    return page(request, "certificates/correction.html", context, status=422 if form.is_bound else 200)


@access.requires(rules.decides)
@require_POST
def revocation(request: Request, certificate_id: uuid.UUID) -> HttpResponse:
    """Revoke a certificate."""
    form = RevocationForm(request.POST)
    if submit(
        form,
        lambda: certificate_corrections.revoke(
            certificate_id=certificate_id, **form.cleaned_data, by=request.actor, at=request.now
        ),
    ):
        messages.success(request, _("The certificate is revoked; its page says so from now on."))
        return redirect("certificates:authority-detail", certificate_id=certificate_id)
    context = _detail_context(request, certificate_id) | {"revocation_form": form}
    return page(request, "certificates/authority_detail.html", context, status=422)


@access.requires(rules.decides)
@require_POST
def report(request: Request, certificate_id: uuid.UUID) -> HttpResponse:
    """Report a refused result again."""
    form = ReportForm(request.POST)
    if submit(
        form,
        lambda: certificate_corrections.report_again(
            certificate_id=certificate_id, **form.cleaned_data, by=request.actor, at=request.now
        ),
    ):
        messages.success(request, _("The result will be reported again."))
        return redirect("certificates:authority-detail", certificate_id=certificate_id)
    context = _detail_context(request, certificate_id) | {"report_form": form}
    return page(request, "certificates/authority_detail.html", context, status=422)


def _detail_context(request: Request, certificate_id: uuid.UUID) -> dict[str, Any]:
    row = certificate_rows.certificate_for_officer(request.actor, certificate_id)
    return {
        "certificate": row,
        "position": certificate_rows.position_name(row),
        "masked_id": certificate_rows.masked_id(row),
        "history": lives.life(row),
        "versions": lives.version_summaries(row),
        "offers": certificate_rows.offers(row, request.actor),
        "revocation_form": RevocationForm(),
        "report_form": ReportForm(),
    }


# --- The institution --------------------------------------------------------------------------------


@access.requires(rules.keeps_records)
@require_safe
def staff_list(request: Request) -> HttpResponse:
    """List the certificates of the institution's trainees."""
    rows = certificate_rows.of_institution(request.institution.pk)
    filtered = CertificateFilter(request.GET, queryset=rows, pack=pack_queries.pack_at(request.now))
    table = paged(request, CertificateTable(ValueRows(certificate_rows.lines(filtered.qs))))
    return page(request, "certificates/staff_list.html", {"filter": filtered, "table": table})


def _sent(request: Request) -> QueryDict | None:
    """Return what was posted, an empty form too; None where nothing was."""
    return request.POST if request.method == "POST" else None
