/** The connection to the room: a socket that is opened again by itself, and polling every 5 s while it is closed. */
import type { Message, Snapshot } from "./protocol";

export type ConnectionState = "live" | "polling" | "lost";

export interface RoomConnectionEvents {
  message(message: Message): boolean;
  state(state: ConnectionState): void;
  /** The number of the last thing we know, to resume after. */
  last(): number;
}

const EVERY = 5_000;
const LONGEST = 20_000;
/** Not signed in (any more), or not on duty: the page itself says which, and where to go. */
const ENDED = [401, 403];

export class RoomConnection {
  readonly #socketUrl: string;
  readonly #pollUrl: string;
  readonly #events: RoomConnectionEvents;
  #socket: WebSocket | null = null;
  #poll: ReturnType<typeof setInterval> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #tries = 0;
  #closed = false;

  constructor(socketPath: string, pollUrl: string, events: RoomConnectionEvents) {
    this.#socketUrl = new URL(socketPath, location.href).href.replace(/^http/, "ws");
    this.#pollUrl = pollUrl;
    this.#events = events;
  }

  open(): void {
    const socket = new WebSocket(this.#socketUrl);
    this.#socket = socket;
    socket.onopen = () => {
      this.#tries = 0;
      clearInterval(this.#poll);
      this.#poll = undefined;
      this.#events.state("live");
      if (this.#events.last() > 0) this.#resume();
    };
    socket.onmessage = (event: MessageEvent<string>) => {
      if (!this.#events.message(JSON.parse(event.data) as Message)) this.#resume();
    };
    socket.onclose = () => this.#onClosed();
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#poll);
    clearTimeout(this.#retry);
    this.#socket?.close();
  }

  /** Ask how things stand by plain HTTP, now. */
  async ask(): Promise<void> {
    try {
      const answer = await fetch(this.#pollUrl, { headers: { Accept: "application/json" }, cache: "no-store", signal: AbortSignal.timeout(EVERY) });
      if (ENDED.includes(answer.status)) return this.#leave();
      if (!answer.ok) throw new Error(String(answer.status));
      this.#events.message((await answer.json()) as Snapshot);
      if (this.#poll !== undefined) this.#events.state("polling");
    } catch {
      if (this.#poll !== undefined) this.#events.state("lost");
    }
  }

  #leave(): void {
    this.close();
    location.reload();
  }

  #resume(): void {
    this.#socket?.send(JSON.stringify({ type: "resume", after: this.#events.last() }));
  }

  #onClosed(): void {
    if (this.#closed) return;
    if (this.#poll === undefined) {
      this.#poll = setInterval(() => void this.ask(), EVERY);
      void this.ask();
    }
    this.#retry = setTimeout(() => this.open(), Math.min(1000 * 2 ** this.#tries, LONGEST) * (0.5 + Math.random()));
    this.#tries += 1;
  }
}
