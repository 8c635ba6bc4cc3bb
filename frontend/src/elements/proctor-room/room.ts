/** The state of the room: snapshots replace it, events update it; a gap in their numbers is noticed. */
import type { Events, Incident, Message, Seat } from "./protocol";

export type Appearance = "empty" | "expected" | "present" | "writing" | "silent" | "wants" | "held" | "finished" | "out";

/** After so many seconds without a sign of life a writing seat is silent (the pulse comes every 5 s). */
export const SILENT_AFTER = 20;

const APPEARANCES: Record<string, Appearance> = {
  "": "empty", prepared: "expected", checked_in: "present", started: "writing", on_hold: "held",
  finished: "finished", scored: "finished", confirmed: "finished", annulled: "out", absent: "out",
};

interface KnownSeat {
  seat: Seat;
  receivedAt: number;
}

export class Room {
  n = 0;
  title = "";
  readonly #seats = new Map<string, KnownSeat>();
  readonly #incidents = new Map<string, Incident>();
  readonly #ticks: () => number;

  constructor(ticks: () => number = () => performance.now()) {
    this.#ticks = ticks;
  }

  /** Take in a message; return false when events are missing before it (then ask to resume after `n`). */
  apply(message: Message): boolean {
    if (message.type === "snapshot") {
      this.#seats.clear();
      this.#incidents.clear();
      message.seats.forEach((seat) => this.#remember(seat));
      message.incidents?.forEach((incident) => this.#incidents.set(incident.id, incident));
      this.title = message.sitting?.title ?? this.title;
      this.n = message.n;
      return true;
    }
    if (message.to <= this.n) return true; // received before
    if (message.from > this.n + 1) return false;
    this.#applyEvents(message);
    this.n = message.to;
    return true;
  }

  get seats(): Seat[] {
    const order = new Intl.Collator("zh", { numeric: true });
    return [...this.#seats.values()].map((known) => known.seat).sort((a, b) => order.compare(a.seat, b.seat));
  }

  /** Open incidents, newest first. */
  get incidents(): Incident[] {
    return [...this.#incidents.values()].filter((incident) => incident.open).sort((a, b) => b.at.localeCompare(a.at));
  }

  find(candidacy: string): Seat | undefined {
    return this.#seats.get(candidacy)?.seat;
  }

  /** Seconds since a seat's last sign of life, counted on from when it was received; null: none yet. */
  age(seat: Seat): number | null {
    const known = this.#seats.get(seat.candidacy);
    if (seat.last_ping_age === null || !known) return null;
    return Math.round(seat.last_ping_age + (this.#ticks() - known.receivedAt) / 1000);
  }

  appearance(seat: Seat): Appearance {
    if (seat.wants) return "wants";
    const appearance = APPEARANCES[seat.state] ?? "expected";
    const age = this.age(seat);
    return appearance === "writing" && (age === null || age > SILENT_AFTER) ? "silent" : appearance;
  }

  /** The seats that need a person now, the longest silent first. */
  get urgent(): Seat[] {
    const waiting = this.seats.filter((seat) => ["wants", "silent", "held"].includes(this.appearance(seat)));
    return waiting.sort((a, b) => Number(this.appearance(b) === "wants") - Number(this.appearance(a) === "wants") || (this.age(b) ?? 0) - (this.age(a) ?? 0));
  }

  count(appearance: Appearance): number {
    return this.seats.filter((seat) => this.appearance(seat) === appearance).length;
  }

  #applyEvents(message: Events): void {
    for (const event of message.events ?? []) {
      if (event.n <= this.n) continue;
      if (event.seat) this.#remember(event.seat);
      if (event.incident) this.#incidents.set(event.incident.id, event.incident);
    }
    message.seats?.forEach((seat) => this.#remember(seat));
    message.incidents?.forEach((incident) => this.#incidents.set(incident.id, incident));
  }

  #remember(seat: Seat): void {
    this.#seats.set(seat.candidacy || `empty-${seat.seat}`, { seat, receivedAt: this.#ticks() });
  }
}
