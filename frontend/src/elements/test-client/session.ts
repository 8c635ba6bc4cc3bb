/** One sitting at one machine: loads, resumes, saves, hands in. Knows no HTML; tells `changed` whenever something shows. */
import type { Calls } from "./calls";
import { awaitResult, handIn } from "./finishing";
import { Journal, type Store } from "./journal";
import { Marks } from "./marks";
import { Heartbeat } from "./heartbeat";
import { type Badge, Sender } from "./sender";
import { Sheet } from "./sheet";
import { ServerClock } from "./timer";
import { type Attempt, type Phase, phaseOf, type AttemptStatus, type Result, RequestError } from "./protocol";

export class Session {
  phase: Phase = "loading";
  badge: Badge = { kind: "idle" };
  sheet: Sheet | null = null;
  attempt: Attempt | null = null;
  result: Result | null = null;
  words = "";
  handingIn = false;
  readonly clock = new ServerClock();
  readonly #calls: Calls;
  readonly #journal: Journal;
  readonly #sender: Sender;
  readonly #heartbeat: Heartbeat;
  readonly #marks: Marks;
  readonly #changed: () => void;

  constructor(calls: Calls, store: Store, marks: Marks, changed: () => void) {
    this.#calls = calls;
    this.#marks = marks;
    this.#changed = changed;
    this.#journal = new Journal(store);
    this.#sender = new Sender(this.#journal, (epoch, answers) => calls.save(epoch, answers), {
      badge: (badge) => this.#show(() => (this.badge = badge)),
      acked: (answer) => this.#show(() => this.clock.learn(answer)),
      stopped: (why, words) => (why === "closed" ? void this.#close() : this.#show(() => this.#stop(why, words))),
    });
    this.#heartbeat = new Heartbeat(calls, {
      status: (status, took) => this.#onStatus(status, took),
      refused: (fault) => this.#onRefused(fault),
    });
  }

  /** Load the attempt (again) and take up where the server and this machine left off; keeps trying while the line is away. */
  async open(): Promise<void> {
    try {
      const asked = performance.now();
      await this.#enter(await this.#calls.attempt(), performance.now() - asked);
      this.#heartbeat.begin();
    } catch (fault) {
      if (!(fault instanceof RequestError) || !fault.temporary) return this.#onRefused(fault as RequestError);
      this.#show(() => (this.badge = { kind: "offline", count: this.#journal.waiting }));
      setTimeout(() => void this.open(), 2_000);
    }
  }

  async start(): Promise<void> {
    try {
      await this.#calls.start();
      await this.open();
    } catch (fault) {
      if (fault instanceof RequestError && fault.temporary) this.#show(() => (this.words = fault.message));
      else this.#onRefused(fault as RequestError);
    }
  }

  /** Answer a step; it is on disk and on its way when this returns. */
  choose(key: string, option: string): void {
    if (this.phase !== "started" || !this.sheet || this.handingIn) return;
    const choice = this.sheet.choose(key, option);
    void this.#journal.add(key, choice, this.clock.now()).catch(() => undefined); // a full disk must not stop the sending
    this.#sender.nudge();
    this.#changed();
  }

  toggleMark(key: string): void {
    this.sheet?.toggleMark(key);
    this.#marks.keep(this.sheet?.marks ?? []);
    this.#changed();
  }

  /** Try at once what waits: the line is back. */
  retry(): void {
    void this.#sender.flush();
  }

  async finish(): Promise<void> {
    this.#show(() => (this.handingIn = true));
    try {
      this.result = await handIn(this.#calls, this.#journal, this.#sender, () => this.phase === "started");
      this.#show(() => this.#stop("finished", ""));
    } catch (fault) {
      this.#onRefused(fault as RequestError);
    }
  }

  leave(): void {
    this.#heartbeat.end();
    this.#sender.halt();
  }

  async #enter(attempt: Attempt, took: number): Promise<void> {
    this.clock.learn(attempt, took);
    await this.#journal.resume(attempt.epoch, attempt.last_seq, attempt.answers);
    this.attempt = attempt;
    this.result = attempt.result ?? null;
    this.phase = phaseOf(attempt.state);
    const at = this.sheet?.current?.key;
    if (attempt.paper) this.sheet = new Sheet(attempt.paper, this.#journal.overlay(attempt.answers ?? {}), this.#marks.all());
    if (at) this.sheet?.go(at);
    if (this.phase === "finished" && !this.result) void this.#close();
    else if (this.#journal.waiting) this.#sender.nudge();
    this.#changed();
  }

  #onStatus(status: AttemptStatus, took: number): void {
    const phase = phaseOf(status.state);
    const changes = phase !== this.phase && !this.handingIn;
    this.#show(() => {
      this.clock.learn(status, took);
      if (status.notice !== undefined) this.words = status.notice;
    });
    if (changes) void this.open();
    if (this.#journal.waiting) this.retry();
  }

  #onRefused(fault: RequestError): void {
    if (fault.code === "lease-superseded") this.#show(() => this.#stop("superseded", fault.message));
    else if (fault.status === 410) void this.#close();
    else this.#show(() => this.#stop("refused", fault.message));
  }

  /** The server has closed the attempt: show its result as soon as there is one. */
  async #close(): Promise<void> {
    this.#show(() => this.#stop("finished", ""));
    const attempt = await awaitResult(this.#calls).catch(() => null);
    if (attempt?.result) this.#show(() => (this.result = attempt.result ?? null));
  }

  #stop(phase: Phase, words: string): void {
    this.phase = phase;
    this.words = words;
    this.handingIn = false;
    this.leave();
  }

  #show(change: () => void): void {
    change();
    this.#changed();
  }
}
