/**
 * Sends the journal, one batch at a time, until it is empty; waits and tries again when the server or the line is away.
 * What the server refuses for good (another device, closed) stops it and is reported.
 */
import type { Journal } from "./journal";
import { type Acked, type Entry, RequestError } from "./protocol";

export type Stop = "superseded" | "closed" | "refused";
export type Badge = { kind: "idle" } | { kind: "saved"; at: Date } | { kind: "pending" | "offline"; count: number };

export interface SenderEvents {
  badge(badge: Badge): void;
  acked(answer: Acked): void;
  stopped(why: Stop, words: string): void;
}

const FIRST_WAIT = 800;
const LONGEST_WAIT = 15_000;

/** Return how long to wait before try `n` (from 0): doubling, capped, spread so that a room does not knock all at once. */
export function waitBefore(n: number, random: number, asked = 0): number {
  return Math.max(asked, Math.min(FIRST_WAIT * 2 ** n, LONGEST_WAIT) * (0.5 + random));
}

export class Sender {
  readonly #journal: Journal;
  readonly #save: (epoch: number, answers: Entry[]) => Promise<Acked>;
  readonly #events: SenderEvents;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #busy: Promise<void> | null = null;
  #tries = 0;
  #halted = false;

  constructor(journal: Journal, save: (epoch: number, answers: Entry[]) => Promise<Acked>, events: SenderEvents) {
    this.#journal = journal;
    this.#save = save;
    this.#events = events;
  }

  /** Send what waits, now; resolves when this round has ended, well or not. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#busy ??= this.#round().finally(() => {
      this.#busy = null;
    });
    return this.#busy;
  }

  /** Tell the badge that something new waits, and send it. */
  nudge(): void {
    if (this.#halted) return;
    if (this.#tries === 0) this.#events.badge({ kind: "pending", count: this.#journal.waiting });
    else this.#events.badge({ kind: "offline", count: this.#journal.waiting });
    if (this.#tries === 0) void this.flush();
  }

  halt(): void {
    this.#halted = true;
    clearTimeout(this.#timer);
  }

  async #round(): Promise<void> {
    while (!this.#halted && this.#journal.waiting > 0) {
      try {
        const answer = await this.#save(this.#journal.epoch, this.#journal.batch());
        await this.#journal.acknowledge(answer.acked);
        this.#tries = 0;
        this.#events.acked(answer);
        const left = this.#journal.waiting;
        this.#events.badge(left ? { kind: "pending", count: left } : { kind: "saved", at: new Date() });
        if (left && answer.acked.length === 0) return this.#later(0);
      } catch (fault) {
        return this.#failed(fault as RequestError);
      }
    }
  }

  #failed(fault: RequestError): void {
    if (!(fault instanceof RequestError) || fault.temporary) return this.#later(fault.retryAfter ?? 0);
    this.halt();
    const why = fault.code === "lease-superseded" ? "superseded" : fault.status === 410 ? "closed" : "refused";
    this.#events.stopped(why, fault.message);
  }

  #later(asked: number): void {
    this.#events.badge({ kind: "offline", count: this.#journal.waiting });
    this.#timer = setTimeout(() => void this.flush(), waitBefore(this.#tries, Math.random(), asked));
    this.#tries += 1;
  }
}
