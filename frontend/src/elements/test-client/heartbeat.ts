/** Heartbeats: asks every 5 s for the attempt's status; the request is the sign of life that the proctor sees. */
import type { Calls } from "./calls";
import { type AttemptStatus, RequestError } from "./protocol";

const EVERY = 5_000;

export class Heartbeat {
  readonly #calls: Calls;
  readonly #events: { status(status: AttemptStatus, took: number): void; refused(fault: RequestError): void };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;

  constructor(calls: Calls, events: { status(status: AttemptStatus, took: number): void; refused(fault: RequestError): void }) {
    this.#calls = calls;
    this.#events = events;
  }

  /** Begin, somewhere within the first 5 s, so that a room does not ask all at once. */
  begin(): void {
    if (this.#running) return;
    this.#running = true;
    this.#timer = setTimeout(() => void this.#ask(), Math.random() * EVERY);
  }

  end(): void {
    this.#running = false;
    clearTimeout(this.#timer);
  }

  async #ask(): Promise<void> {
    const asked = performance.now();
    try {
      const status = await this.#calls.status();
      if (this.#running) this.#events.status(status, performance.now() - asked);
    } catch (fault) {
      if (fault instanceof RequestError && !fault.temporary && this.#running) this.#events.refused(fault);
    }
    if (this.#running) this.#timer = setTimeout(() => void this.#ask(), EVERY);
  }
}
