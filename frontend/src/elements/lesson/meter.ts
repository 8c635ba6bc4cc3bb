/** Counts the time that is really spent learning, on this machine's steady clock; the server trusts it only downwards. */
export class Meter {
  #spent = 0;
  #mark: number | null = null;
  readonly #ticks: () => number;

  constructor(ticks: () => number = () => performance.now()) {
    this.#ticks = ticks;
  }

  /** Say whether somebody is learning from now on. */
  run(learning: boolean): void {
    const now = this.#ticks();
    if (this.#mark !== null) this.#spent += now - this.#mark;
    this.#mark = learning ? now : null;
  }

  get running(): boolean {
    return this.#mark !== null;
  }

  /** Keep seconds that were taken and not counted, for the next time. */
  giveBack(seconds: number): void {
    this.#spent += Math.max(0, seconds) * 1000;
  }

  /** Take the whole seconds spent so far; what is left of a second stays. */
  take(): number {
    this.run(this.running);
    const seconds = Math.floor(this.#spent / 1000);
    this.#spent -= seconds * 1000;
    return seconds;
  }
}
