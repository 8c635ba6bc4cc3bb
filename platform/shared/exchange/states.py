"""The outside systems by name, and the lives of a message out, a message in, and a difference between two lists.

Formats are this platform's own until the official ones are known; `official` says of every system that they are not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.roles import Role
from kernel.states import Move, StateChart, Tone

OPERATORS = (Role.PLATFORM_OPERATOR, Role.PROVINCE_OFFICER)
SYSTEM = ("system",)

MINISTRY = "ministry"
LIBRARY = "resource-library"
LEARNING = "learning-site"
CENTRE = "training-centre"
COMMITMENTS = "commitment-platform"
EDUCATION = "education-platform"


@dataclass(frozen=True, slots=True)
class System:
    """One named system: whose it is, which way things go, what is known of its interface and what is not."""

    key: str
    name: str | Promise
    name_zh: str
    ours: bool
    outbound_kinds: tuple[str, ...]
    inbound_kinds: tuple[str, ...]
    words: str | Promise
    unknown: str | Promise
    clause: str

    @property
    def side(self) -> str | Promise:
        """Return whose it is, in words: every page that names a system says it."""
        return _("This platform") if self.ours else _("Outside system")


SYSTEMS = {
    s.key: s
    for s in (
        System(
            MINISTRY,
            _("The ministry's information system"),
            "住建部管理信息系统",
            False,
            ("institution", "person", "result", "enrolment-answer"),
            ("certificate", "education", "enrolment"),
            _(
                "Takes institutions, people and results; gives certificate numbers, tells continuing education and "
                "sends on the people who enrolled there."
            ),
            _("Its interface is not published: addresses, fields, signatures and limits are this platform's own."),
            "1.1, 1.3, 2.1, 3",
        ),
        System(
            COMMITMENTS,
            _("Publicity platform for institutions' commitments"),
            "培训机构承诺公示平台",
            True,
            (),
            (),
            _("This platform itself. What an existing one holds comes in and goes out as a file."),
            _("The columns of the existing platform's files are not known; these are this platform's own."),
            "2.1",
        ),
        System(
            EDUCATION,
            _("Data platform of continuing education"),
            "继续教育数据管理平台",
            True,
            (),
            (),
            _("This platform itself. Employers' records of hours come in and go out as a file."),
            _("The columns of the existing platform's files are not known; these are this platform's own."),
            "3",
        ),
        System(
            LIBRARY,
            _("The ministry's library of education and training"),
            "住建部教育培训资源库",
            False,
            ("hours", "staff", "course-enrolment"),
            (),
            _("Receives the employer's hours (step one), an employer's certified staff and whom the employer enrols."),
            _("How an employer is recognised there, and whether it answers at all, is not known."),
            "3",
        ),
        System(
            LEARNING,
            _("The ministry's learning site"),
            "住建部学习网站",
            False,
            (),
            ("hours",),
            _("Hours learnt online (step two) come back from it."),
            _("Whether it tells third parties of hours, and by what record, is not known."),
            "3",
        ),
        System(
            CENTRE,
            _("The province's training centre"),
            "本省住房城乡建设培训中心",
            False,
            (),
            ("enrolment",),
            _(
                "Its enrolment entry lists the announced institutions and sends on who chose one."
                " It has an account here."
            ),
            _("Whether it keeps an entry of its own beside the ministry's system is not known."),
            "1.1",
        ),
    )
}


class MessageState(models.TextChoices):
    """State of a message out."""

    QUEUED = "queued", _("Waiting to be sent")
    SENT = "sent", _("Sent, not known whether it arrived")
    ACKNOWLEDGED = "acknowledged", _("Received there, answer to come")
    SETTLED = "settled", _("Answered there")
    REFUSED = "refused", _("Refused there")
    GIVEN_UP = "given_up", _("Given up, a person decides")


OPEN = (MessageState.QUEUED, MessageState.SENT, MessageState.ACKNOWLEDGED)

MESSAGE = StateChart(
    name="outgoing",
    states=MessageState,
    initial=MessageState.QUEUED,
    tones={
        MessageState.QUEUED: Tone.NOTICE,
        MessageState.SENT: Tone.NOTICE,
        MessageState.ACKNOWLEDGED: Tone.NOTICE,
        MessageState.SETTLED: Tone.GOOD,
        MessageState.REFUSED: Tone.BAD,
        MessageState.GIVEN_UP: Tone.BAD,
    },
    moves=[
        Move("leave_unsure", [MessageState.QUEUED], MessageState.SENT, SYSTEM, _("Sent without an answer")),
        Move(
            "acknowledge",
            [MessageState.QUEUED, MessageState.SENT],
            MessageState.ACKNOWLEDGED,
            SYSTEM,
            _("Receipt came"),
        ),
        Move(
            "lose",
            [MessageState.SENT, MessageState.ACKNOWLEDGED],
            MessageState.QUEUED,
            SYSTEM,
            _("Not known there, to be sent again"),
        ),
        # Answers come late and out of order: one that decides counts whatever we thought of the message.
        Move(
            "settle",
            [*OPEN, MessageState.REFUSED, MessageState.GIVEN_UP],
            MessageState.SETTLED,
            SYSTEM,
            _("Answer came"),
        ),
        Move("refuse", [*OPEN], MessageState.REFUSED, SYSTEM, _("Refused there")),
        Move("give_up", [*OPEN], MessageState.GIVEN_UP, (*SYSTEM, *OPERATORS), _("Give up")),
        Move(
            "send_again", [MessageState.REFUSED, MessageState.GIVEN_UP], MessageState.QUEUED, OPERATORS, _("Send again")
        ),
        Move("resend", [MessageState.SETTLED], MessageState.QUEUED, OPERATORS, _("Missing there, sent again")),
    ],
)


class InboundState(models.TextChoices):
    """State of a message that came in."""

    RECEIVED = "received", pgettext_lazy("state of a message", "Received")
    HANDED = "handed", _("Handed to the institution")
    SETTLED = "settled", _("Taken over")
    REFUSED = "refused", _("Refused with words")
    OUTDATED = "outdated", _("Older than what is known")


INBOUND_OPEN = (InboundState.RECEIVED, InboundState.HANDED)

ARRIVAL = StateChart(
    name="arrival",
    states=InboundState,
    initial=InboundState.RECEIVED,
    tones={
        InboundState.RECEIVED: Tone.NOTICE,
        InboundState.HANDED: Tone.NOTICE,
        InboundState.SETTLED: Tone.GOOD,
        InboundState.REFUSED: Tone.BAD,
    },
    moves=[
        Move("hand_on", [InboundState.RECEIVED], InboundState.HANDED, SYSTEM, _("Handed to the institution")),
        Move("settle", [*INBOUND_OPEN], InboundState.SETTLED, SYSTEM, _("Taken over")),
        Move("refuse", [*INBOUND_OPEN], InboundState.REFUSED, SYSTEM, _("Refused with words")),
        Move("outdate", [InboundState.RECEIVED], InboundState.OUTDATED, SYSTEM, _("Older than what is known")),
    ],
)


class Difference(models.TextChoices):
    """Kind of a difference between two lists."""

    MISSING_THERE = "missing_there", _("Missing there")
    MISSING_HERE = "missing_here", _("Missing here")
    DIFFERENT = "different", _("Both have it, with other values")


class DiscrepancyState(models.TextChoices):
    """State of a difference."""

    OPEN = "open", pgettext_lazy("state of a difference", "Open")
    RESOLVED = "resolved", _("Resolved")


DISCREPANCY = StateChart(
    name="discrepancy",
    states=DiscrepancyState,
    initial=DiscrepancyState.OPEN,
    tones={DiscrepancyState.OPEN: Tone.WARN, DiscrepancyState.RESOLVED: Tone.GOOD},
    moves=[Move("resolve", [DiscrepancyState.OPEN], DiscrepancyState.RESOLVED, (*SYSTEM, *OPERATORS), _("Resolve"))],
)


class ImportState(models.TextChoices):
    """State of a file."""

    PREVIEWED = "previewed", _("Looked through, nothing taken over yet")
    TAKEN = "taken", pgettext_lazy("file", "Taken over")
    DROPPED = "dropped", _("Dropped")


IMPORT_FILE = StateChart(
    name="import_file",
    states=ImportState,
    initial=ImportState.PREVIEWED,
    moves=[
        Move("take", [ImportState.PREVIEWED], ImportState.TAKEN, OPERATORS, _("Take over")),
        Move("drop", [ImportState.PREVIEWED], ImportState.DROPPED, OPERATORS, _("Drop")),
    ],
)


def directions(system: System) -> Sequence[str | Promise]:
    """Return which way things go between this platform and a system, in words."""
    if system.ours:
        return [_("by file, in and out")]
    out = [_("out")] if system.outbound_kinds else []
    return [*out, *([_("in")] if system.inbound_kinds else [])]
