/** The room as we know it: snapshots replace it, events move it on; a gap in their numbers is noticed. */
import type { Events, Incident, Message, Seat } from "./wire";

export type Look = "empty" | "expected" | "present" | "writing" | "silent" | "wants" | "held" | "finished" | "out";

/** After so many seconds without a sign of life a writing seat is silent (the pulse comes every 5 s). */
export const SILENT_AFTER = 20;

const LOOKS: Record<string, Look> = {
  "": "empty", prepared: "expected", checked_in: "present", started: "writing", on_hold: "held",
  finished: "finished", scored: "finished", confirmed: "finished", annulled: "out", absent: "out",
};

interface Known {
  seat: Seat;
  heard: number;
}

export class Room {
  n = 0;
  title = "";
  readonly #seats = new Map<string, Known>();
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
      message.seats.forEach((seat) => this.#know(seat));
      message.incidents?.forEach((incident) => this.#incidents.set(incident.id, incident));
      this.title = message.sitting?.title ?? this.title;
      this.n = message.n;
      return true;
    }
    if (message.to <= this.n) return true; // heard before
    if (message.from > this.n + 1) return false;
    this.#happen(message);
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

  /** Seconds since a seat's last sign of life, counted on from when we heard of it; null: none yet. */
  age(seat: Seat): number | null {
    const known = this.#seats.get(seat.candidacy);
    if (seat.last_ping_age === null || !known) return null;
    return Math.round(seat.last_ping_age + (this.#ticks() - known.heard) / 1000);
  }

  look(seat: Seat): Look {
    if (seat.wants) return "wants";
    const look = LOOKS[seat.state] ?? "expected";
    const age = this.age(seat);
    return look === "writing" && (age === null || age > SILENT_AFTER) ? "silent" : look;
  }

  /** The seats that need a person now, the longest silent first. */
  get needing(): Seat[] {
    const urgent = this.seats.filter((seat) => ["wants", "silent", "held"].includes(this.look(seat)));
    return urgent.sort((a, b) => Number(this.look(b) === "wants") - Number(this.look(a) === "wants") || (this.age(b) ?? 0) - (this.age(a) ?? 0));
  }

  count(look: Look): number {
    return this.seats.filter((seat) => this.look(seat) === look).length;
  }

  #happen(message: Events): void {
    for (const event of message.events ?? []) {
      if (event.n <= this.n) continue;
      if (event.seat) this.#know(event.seat);
      if (event.incident) this.#incidents.set(event.incident.id, event.incident);
    }
    message.seats?.forEach((seat) => this.#know(seat));
    message.incidents?.forEach((incident) => this.#incidents.set(incident.id, incident));
  }

  #know(seat: Seat): void {
    this.#seats.set(seat.candidacy || `empty-${seat.seat}`, { seat, heard: this.#ticks() });
  }
}
