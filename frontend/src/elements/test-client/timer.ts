/** The server's clock on this machine, the remaining time in words, and when to say it aloud. */

export const SAY_AT = [30, 10, 5, 1] as const;

export class ServerClock {
  #server = 0;
  #mark = 0;
  #deadline: number | null = null;
  readonly #ticks: () => number;

  constructor(ticks: () => number = () => performance.now()) {
    this.#ticks = ticks;
  }

  /** Learn the server's time and deadline; the answer is taken to have been on its way for half of `took` ms. */
  learn(answer: { server_now: string; deadline: string | null }, took = 0): void {
    this.#deadline = answer.deadline ? Date.parse(answer.deadline) : null;
    const serverNow = Date.parse(answer.server_now);
    if (Number.isNaN(serverNow)) return;
    this.#server = serverNow + took / 2;
    this.#mark = this.#ticks();
  }

  now(): Date {
    return new Date(this.#server ? this.#server + this.#ticks() - this.#mark : Date.now());
  }

  /** Return the whole seconds left until the deadline, never below 0; null where there is none. */
  left(): number | null {
    if (this.#deadline === null) return null;
    return Math.max(0, Math.ceil((this.#deadline - this.now().getTime()) / 1000));
  }
}

/** Return seconds as a clock shows them: 1:02:03 or 02:03. */
export function clockFace(seconds: number): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
}

/** Return seconds as an ISO 8601 duration, for <time datetime>. */
export function duration(seconds: number): string {
  return `PT${seconds}S`;
}

/** Says 30, 10, 5 and 1 minutes once each; a test that begins with less says nothing it has passed. */
export class Announcer {
  #before: number | null = null;

  /** Return the minutes to announce now, or null. */
  cross(seconds: number): number | null {
    const before = this.#before;
    this.#before = seconds;
    if (before === null) return null;
    return SAY_AT.findLast((minutes) => before > minutes * 60 && seconds <= minutes * 60) ?? null;
  }
}
