"""Answers to hooks of lower apps: what a change of the law touches, which authority answers for whom, and notices of a
decision about an institution's standing.
"""

from kernel.roles import Role
from kernel.states import MadeMove, moves_made
from shared.identity.queries import accounts as account_queries
from shared.notices import operations as notices

from .queries import impact, organisations
from .states import Standing

__all__ = ["impact", "organisations"]


@moves_made.connect("standing.suspend")
@moves_made.connect("standing.resume")
@moves_made.connect("standing.remove")
def ruled(made: MadeMove) -> None:
    """Tell the principals what was decided, and on what ground."""
    organisation = made.row
    context = {
        "name": organisation.name,
        "standing": str(Standing(organisation.state).label),
        "why": made.why,
        "url": "/account/",
    }
    for principal in account_queries.holders(Role.PRINCIPAL, str(organisation.pk), at=made.at):
        key = f"ruled:{organisation.pk}:{made.at.isoformat()}"
        notices.send(to=principal, template="institutions.ruled", context=context, at=made.at, key=key)
