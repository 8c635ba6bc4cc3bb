/** The journal's place in the browser: IndexedDB, or memory where the browser has none (the badge then still tells). */
import type { StoredEntry, Store } from "./journal";

const TABLE = "answers";

export class MemoryStore implements Store {
  readonly #entries = new Map<number, StoredEntry>();

  async all(): Promise<StoredEntry[]> {
    return [...this.#entries.values()];
  }

  async put(entry: StoredEntry): Promise<void> {
    this.#entries.set(entry.seq, entry);
  }

  async remove(seqs: number[]): Promise<void> {
    for (const seq of seqs) this.#entries.delete(seq);
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

  all(): Promise<StoredEntry[]> {
    return settled(this.#table("readonly").getAll() as IDBRequest<StoredEntry[]>);
  }

  async put(entry: StoredEntry): Promise<void> {
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
