/** One study session: heartbeats in a chain, each sent until it is answered, and what the server made of them. */
import type { Meter } from "./meter";
import { type Heartbeat, type HeartbeatResult, type Calls, RequestError, type Session } from "./protocol";

export type State = "new" | "counting" | "waiting" | "ended";

export class Study {
  state: State = "new";
  words = "";
  last: HeartbeatResult | null = null;
  #session: Session | null = null;
  #pending: Heartbeat | null = null;
  #busy = false;
  readonly #calls: Pick<Calls, "begin" | "heartbeat" | "end">;
  readonly #meter: Meter;

  constructor(calls: Pick<Calls, "begin" | "heartbeat" | "end">, meter: Meter) {
    this.#calls = calls;
    this.#meter = meter;
  }

  /** Open the session; return the seconds between heartbeats, or 0 where the server refuses or the line is away. */
  async begin(url: string): Promise<number> {
    try {
      this.#session = await this.#calls.begin(url);
    } catch (fault) {
      this.#refused(fault);
      return 0;
    }
    this.state = "counting";
    this.words = "";
    return this.#session.every;
  }

  /**
   * Report the seconds spent since the last heartbeat. One that was not answered is sent again with what was learnt
   * meanwhile; where the server had it after all, it answers what it credited then, and the rest goes with the next.
   */
  async heartbeat(position?: number): Promise<void> {
    const session = this.#session;
    if (!session || this.state === "ended" || this.#busy) return;
    this.#pending = {
      nonce: session.nonce,
      seconds: (this.#pending?.seconds ?? 0) + this.#meter.take(),
      ...(position === undefined ? {} : { position }),
    };
    if (!this.#pending.seconds) {
      this.#pending = null;
      return;
    }
    this.#busy = true;
    try {
      this.last = await this.#calls.heartbeat(session, this.#pending);
      session.nonce = this.last.nonce;
      if (!this.last.stop) this.#meter.giveBack(this.#pending.seconds - this.last.credited);
      this.#pending = null;
      this.state = "counting";
      this.words = this.last.stop ? this.last.words : "";
    } catch (fault) {
      this.#refused(fault);
    } finally {
      this.#busy = false;
    }
  }

  /** Nothing more can be credited here: the lesson or the day is full. */
  finish(): void {
    this.leave();
    this.state = "ended";
  }

  /** The page goes away. */
  leave(): void {
    if (this.#session && this.state !== "ended") this.#calls.end(this.#session);
  }

  #refused(fault: unknown): void {
    if (!(fault instanceof RequestError)) throw fault;
    this.state = fault.temporary ? "waiting" : "ended";
    this.words = fault.temporary ? "" : fault.words;
  }
}
