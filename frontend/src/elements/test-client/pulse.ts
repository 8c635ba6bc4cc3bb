/** Asks every 5 s how things stand: the sign of life the proctor sees, and the server's word on state and deadline. */
import type { Calls } from "./calls";
import { type Pulse as Beat, WireError } from "./wire";

const EVERY = 5_000;

export class Pulse {
  readonly #calls: Calls;
  readonly #events: { beat(beat: Beat, took: number): void; refused(fault: WireError): void };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;

  constructor(calls: Calls, events: { beat(beat: Beat, took: number): void; refused(fault: WireError): void }) {
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
      const beat = await this.#calls.pulse();
      if (this.#running) this.#events.beat(beat, performance.now() - asked);
    } catch (fault) {
      if (fault instanceof WireError && !fault.temporary && this.#running) this.#events.refused(fault);
    }
    if (this.#running) this.#timer = setTimeout(() => void this.#ask(), EVERY);
  }
}
