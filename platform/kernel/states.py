"""State charts as data, and `move`, the only way in which a row changes its state."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as field_of
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import connection, models, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from kernel import access, audit
from kernel.access import Actor
from kernel.errors import Refusal
from kernel.hooks import Hook

charts: dict[str, "StateChart"] = {}


@dataclass(frozen=True, slots=True)
class MadeMove:
    """A move that was made, as whoever tells people of it is given it: which row, by whom, when, why."""

    row: Any
    by: Actor
    at: datetime
    why: str


moves_made: Hook[Callable[[MadeMove], None]] = Hook(
    "states.moves_made",
    "Keyed by “chart.move”: given the move in its transaction, sends the notices that belong to it "
    "(tests/architecture/notices.toml). So no operation can make the move and tell nobody.",
)


class WrongState(Refusal):
    """The row is not in a state from which this move leads on."""

    code = "wrong-state"
    title = _("Not possible in this state")
    message = _("“%(move)s” is not possible now: the state is “%(state)s”. Reload the page to see where things stand.")


class Tone(StrEnum):
    """What the colour of a badge says (components/state_badge.html)."""

    MUTED = "muted"
    NOTICE = "notice"
    SIGNAL = "signal"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Badge:
    """A state as a page shows it: its words and their tone."""

    label: str | Promise
    tone: Tone


@dataclass(frozen=True, slots=True)
class Move:
    """One arrow of a chart: from any of `source` to `target`, by someone who holds one of `roles`.

    Roles: names of grants, or "system" (the platform itself), or "person" (any actor: the operation checks who it is).
    A move that is not `expected` is a way out (withdraw, cancel): possible, but never announced as what comes next.
    """

    name: str
    source: Sequence[str]
    target: str
    roles: Sequence[str]
    label: str | Promise
    expected: bool = True


@dataclass(frozen=True)
class StateChart:
    """The states of one kind of row and the moves between them; registered by name for the docs and the tests.

    A row, or a value that has its state, gets what pages ask of it from here: `badge = property(CHART.badge)`,
    `is_open = CHART.among(State.OPEN)`, `may_be_closed = CHART.allows("close")`. A state not in `tones` is muted.
    """

    name: str
    states: type[models.TextChoices]
    moves: Sequence[Move]
    initial: str
    by_name: dict[str, Move] = field_of(init=False, default_factory=dict)
    field: str = "state"
    tones: Mapping[str, Tone] = field_of(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse a chart that contradicts itself."""
        if unknown := set(self.tones) - set(self.states.values):
            raise ValueError(f"{self.name} gives a tone to unknown states {unknown}")
        for move in self.moves:
            if unknown := {*move.source, move.target} - set(self.states.values):
                raise ValueError(f"{self.name}.{move.name} names unknown states {unknown}")
            if move.name in self.by_name:
                raise ValueError(f"{self.name} has two moves called {move.name}")
            self.by_name[move.name] = move
        charts[self.name] = self

    def constraint(self, name: str) -> models.CheckConstraint:
        """Return the database's own knowledge of the states."""
        return models.CheckConstraint(condition=models.Q(**{f"{self.field}__in": list(self.states.values)}), name=name)

    def final(self) -> frozenset[str]:
        """Return the states that no move leaves."""
        return frozenset(self.states.values) - {s for m in self.moves for s in m.source}

    def badge(self, row: object) -> Badge:
        """Return a row's state in words, with its tone."""
        state = getattr(row, self.field)
        return Badge(self.states(state).label, self.tone(state))

    def tone(self, state: str) -> Tone:
        """Return the tone of a state."""
        return self.tones.get(state, Tone.MUTED)

    def among(self, *states: str) -> property:
        """Return a property that says whether a row is in one of `states`."""
        return property(lambda row: getattr(row, self.field) in states)

    def allows(self, name: str) -> property:
        """Return a property that says whether the move `name` leads on from a row's state, whoever makes it."""
        return self.among(*self.by_name[name].source)

    def offers(self, row: object, actor: Actor) -> dict[str, Move]:
        """Return by name the moves that a page offers this actor: those that they could make with the row now."""
        state = getattr(row, self.field)
        return {m.name: m for m in self.moves if state in m.source and may_make(actor, m)}

    def require(self, row: object, name: str) -> None:
        """Refuse (WrongState) where the move `name` does not lead on from a row's state: before an operation changes
        what a row in another state keeps.
        """
        move, state = self.by_name[name], getattr(row, self.field)
        if state not in move.source:
            raise WrongState(move=move.label, state=self.states(state).label)

    def next_moves(self, row: object) -> list[Move]:
        """Return the expected moves that may come next, whoever makes them."""
        return [m for m in self.moves if m.expected and getattr(row, self.field) in m.source]

    def move(
        self,
        row: models.Model,
        name: str,
        *,
        by: Actor,
        at: datetime,
        why: str = "",
        policy: str = "",
        locked: bool = False,
        **also: Any,
    ) -> None:
        """Lock the row, check that `name` is possible now and for this actor, move, and write the note.

        `also` are further fields set in the same update. Must run in the operation's transaction, which has `locked`
        the row where it has read it under a lock (or written it) itself, and changed nothing of it since. Refuses with
        `WrongState`, or as `access.demand` does; then nothing has changed.
        """
        if not connection.in_atomic_block:
            raise transaction.TransactionManagementError("a move belongs in the operation's transaction")
        move = self.by_name[name]
        changes = {self.field: move.target, f"{self.field}_since": at, **also}
        if locked:
            before = audit.values(row, *changes)
        else:
            before = type(row)._base_manager.select_for_update().values(*changes).get(pk=row.pk)
        state = before[self.field]
        if state not in move.source:
            raise WrongState(move=move.label, state=self.states(state).label)
        access.demand(by, may_make, move)
        for key, value in changes.items():
            setattr(row, key, value)
        row.save(update_fields=list(changes))
        audit.note(
            f"{self.name}.{name}",
            row,
            by=by,
            at=at,
            before=before,
            after=audit.values(row, *changes),
            why=why,
            policy=policy,
            acting_as=by.acting_as(*move.roles),
        )
        for tell in moves_made.functions(f"{self.name}.{name}"):
            tell(MadeMove(row, by, at, why))


def may_make(by: Actor, move: Move) -> bool:
    """Say whether `by` may make a move: one of its roles, where it is made, with a second factor; or as it says."""
    if by.system:
        return "system" in move.roles
    return "person" in move.roles or access.RoleRule(move.roles)(by)


def label_of(verb: str) -> str | Promise:
    """Return the words of a note's verb "chart.move"; the verb itself where it is no move of a chart."""
    name, _dot, move = verb.partition(".")
    chart = charts.get(name)
    return chart.by_name[move].label if chart is not None and move in chart.by_name else verb


def mermaid(chart: StateChart) -> str:
    """Return a chart as a Mermaid state diagram, for docs/states."""
    lines = ["stateDiagram-v2", f"    [*] --> {chart.initial}"]
    for move in chart.moves:
        lines += [f"    {source} --> {move.target}: {move.name}" for source in move.source]
    lines += [f"    {state} --> [*]" for state in sorted(chart.final())]
    return "\n".join(lines)


def reachable(chart: StateChart) -> set[str]:
    """Return the states that can be reached from the initial one."""
    reached: set[str] = set()
    todo: Iterable[str] = [chart.initial]
    while todo:
        reached |= set(todo)
        todo = {m.target for m in chart.moves if reached & set(m.source)} - reached
    return reached


@dataclass(frozen=True, slots=True)
class LifeStep:
    """One step of a life line (components/life_line.html): what happened, who did it, when, why, under which policy."""

    label: str | Promise
    at: datetime
    actor_name: str | Promise = ""
    why: str | Promise = ""
    policy: str = ""


def life_step(note: audit.HistoryEntry, verbs: Mapping[str, str | Promise]) -> LifeStep:
    """Return a note as a step; `verbs` labels those that are no moves. What the platform did by itself names nobody."""
    actor_name = "" if note.acting_as == "system" else note.actor_name
    return LifeStep(verbs.get(note.verb) or label_of(note.verb), note.at, actor_name, note.why, note.policy)


def timeline(row: models.Model, verbs: Mapping[str, str | Promise]) -> list[LifeStep]:
    """Return a row's life line, oldest first."""
    return [life_step(note, verbs) for note in audit.history(row)]
