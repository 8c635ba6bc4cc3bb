/** The journal's place in the browser: IndexedDB, or memory where the browser has none (the badge then still tells). */
import type { Kept, Store } from "./journal";

const TABLE = "answers";

export class MemoryStore implements Store {
  readonly #kept = new Map<number, Kept>();

  async all(): Promise<Kept[]> {
    return [...this.#kept.values()];
  }

  async put(entry: Kept): Promise<void> {
    this.#kept.set(entry.seq, entry);
  }

  async remove(seqs: number[]): Promise<void> {
    for (const seq of seqs) this.#kept.delete(seq);
  }
}

export class BrowserStore implements Store {
  readonly #base: IDBDatabase;

  private constructor(base: IDBDatabase) {
    this.#base = base;
  }

  /** Open the store of one attempt. */
  static async open(attempt: string): Promise<Store> {
    if (!("indexedDB" in globalThis)) return new MemoryStore();
    try {
      const request = indexedDB.open(`nx-attempt-${attempt}`, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(TABLE, { keyPath: "seq" });
      return new BrowserStore(await settled(request));
    } catch {
      return new MemoryStore();
    }
  }

  all(): Promise<Kept[]> {
    return settled(this.#table("readonly").getAll() as IDBRequest<Kept[]>);
  }

  async put(entry: Kept): Promise<void> {
    await settled(this.#table("readwrite").put(entry));
  }

  async remove(seqs: number[]): Promise<void> {
    const table = this.#table("readwrite");
    await Promise.all(seqs.map((seq) => settled(table.delete(seq))));
  }

  #table(mode: IDBTransactionMode): IDBObjectStore {
    return this.#base.transaction(TABLE, mode).objectStore(TABLE);
  }
}

function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB"));
  });
}
