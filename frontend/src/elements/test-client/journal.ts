/**
 * The answers that the server has not yet acknowledged, kept on this machine until it has.
 *
 * Every change gets a number (seq) that only grows; a resent answer keeps its number, so the server can take it twice
 * without harm. After a break `resume` decides what of the old journal still holds.
 */
import type { Entry } from "./protocol";

export interface StoredEntry extends Entry {
  epoch: number;
}

/** Where a journal is kept; the browser's is IndexedDB (store.ts). */
export interface Store {
  all(): Promise<StoredEntry[]>;
  put(entry: StoredEntry): Promise<void>;
  remove(seqs: number[]): Promise<void>;
}

export class Journal {
  readonly #store: Store;
  #entries = new Map<number, StoredEntry>();
  #epoch = 0;
  #last = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  get epoch(): number {
    return this.#epoch;
  }

  /** The highest number given or seen. */
  get lastSeq(): number {
    return this.#last;
  }

  get waiting(): number {
    return this.#entries.size;
  }

  /**
   * Take up work under the server's epoch, last number and answers. Answers of this epoch are sent again. Of an older
   * epoch, what the server has is done with and the rest is sent again; but where the server holds something else under
   * those numbers, another device went on, and the server's answers are the truth.
   */
  async resume(epoch: number, lastSeq: number, answers: Record<string, string> = {}): Promise<void> {
    const old = (await this.#store.all()).sort((a, b) => a.seq - b.seq);
    const stale = old.filter((entry) => entry.epoch !== epoch);
    const taken = stale.filter((entry) => entry.seq <= lastSeq);
    const latest = new Map(taken.map((entry) => [entry.question, entry.choice]));
    const ours = [...latest].every(([question, choice]) => answers[question] === choice);
    const dropped = ours ? taken : stale;
    if (dropped.length) await this.#store.remove(dropped.map((entry) => entry.seq));
    const valid = old.filter((entry) => !dropped.includes(entry));
    this.#entries = new Map(valid.map((entry) => [entry.seq, entry]));
    this.#epoch = epoch;
    this.#last = Math.max(lastSeq, 0, ...valid.map((entry) => entry.seq));
  }

  /** Note an answer; it is on disk when the promise resolves, and in `batch` at once. */
  async add(question: string, choice: string, at: Date): Promise<StoredEntry> {
    this.#last += 1;
    const entry: StoredEntry = { seq: this.#last, question, choice, client_at: at.toISOString(), epoch: this.#epoch };
    this.#entries.set(entry.seq, entry);
    await this.#store.put(entry);
    return entry;
  }

  /** Return the oldest answers to send now, at most `size`. */
  batch(size = 50): Entry[] {
    const oldest = [...this.#entries.values()].sort((a, b) => a.seq - b.seq).slice(0, size);
    return oldest.map(({ seq, question, choice, client_at }) => ({ seq, question, choice, client_at }));
  }

  async acknowledge(seqs: number[]): Promise<void> {
    for (const seq of seqs) this.#entries.delete(seq);
    await this.#store.remove(seqs);
  }

  /** Return the server's answers with ours that it does not know yet laid over them. */
  overlay(answers: Record<string, string>): Record<string, string> {
    const laid = { ...answers };
    for (const { question, choice } of this.batch(Infinity)) laid[question] = choice;
    return laid;
  }
}
