"""The institutions that train, each with its years: classes taught and tested, running, enrolling, paid back."""

from dataclasses import replace
from datetime import timedelta

from django.db import transaction

from infra.demo import sittings, training
from infra.demo.actors import staff
from infra.demo.classes import Plan, plans
from infra.demo.days import Days
from infra.demo.institutions import REMOVED, Spec, institution
from infra.demo.training import School
from kernel.draining import in_one_go
from kernel.tenancy import open_institution
from kernel.unchanging import unchanged
from tenants.courses.models import Programme

DO = {
    "finished": training.finish_class,
    "running": training.run_class,
    "open": training.enrol_class,
    "undone": training.refund_class,
}


def load(spec: Spec) -> None:
    """Let an institution train, unless it did before: in one transaction, whole or not at all."""
    work = open_institution(institution(spec))
    with transaction.atomic(), work, in_one_go(), unchanged():
        if not Programme.objects.exists():
            _train(spec, Days.today())


def _train(spec: Spec, days: Days) -> None:
    all_plans = [_testable(plan) for plan in plans(spec.key, days)]
    opened_at = all_plans[0].planned.replace(day=1)
    school = School(spec, staff(spec.key, at=opened_at))
    training.programme_plans(school, list(dict.fromkeys(plan.position for plan in all_plans)), at=opened_at)
    sittings.rooms(school, at=opened_at)
    for plan in all_plans:
        DO[plan.stage](school, plan, training.open_class(school, plan))
        if plan.tested is not None:
            sittings.hold(school, plan.key, plan.position, starts_at=plan.tested)
            if sittings.ready(plan.position):
                sittings.hold(school, "", plan.position, starts_at=plan.tested + timedelta(days=21))
    if spec == REMOVED:
        sittings.revoke_one(school, at=days.of(-90, 11))


def _testable(plan: Plan) -> Plan:
    """Return the plan, where its people are tested soon with a position for which there is a question bank."""
    if plan.stage == "open" or sittings.can_be_tested(plan.position, at=plan.planned):
        return plan
    return replace(plan, position="SGY-TJ")
