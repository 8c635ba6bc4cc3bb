/** The five calls of a test, each a promise of its answer or of a RequestError. */
import { type Acked, type Attempt, type Entry, type AttemptStatus, type Result, RequestError } from "./protocol";

const PATIENCE = 8_000;

export class Calls {
  readonly #url: string;
  readonly #token: string;
  readonly #csrf: string;

  constructor(url: string, token: string, csrf: string) {
    this.#url = url;
    this.#token = token;
    this.#csrf = csrf;
  }

  attempt(): Promise<Attempt> {
    return this.#call<Attempt>("GET", "");
  }

  status(): Promise<AttemptStatus> {
    return this.#call<AttemptStatus>("GET", "state/");
  }

  start(): Promise<Partial<Attempt> & AttemptStatus> {
    return this.#call<Partial<Attempt> & AttemptStatus>("POST", "start/", {});
  }

  save(epoch: number, answers: Entry[]): Promise<Acked> {
    return this.#call<Acked>("POST", "answers/", { epoch, answers });
  }

  finish(epoch: number, lastSeq: number): Promise<Result> {
    return this.#call<Result>("POST", "finish/", { epoch, last_seq: lastSeq });
  }

  async #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers: Record<string, string> = { Accept: "application/json", Authorization: `Bearer ${this.#token}` };
    if (body !== undefined) Object.assign(headers, { "Content-Type": "application/json", "X-CSRFToken": this.#csrf });
    let answer: Response;
    try {
      answer = await fetch(this.#url + path, {
        method, headers, credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(PATIENCE),
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (fault) {
      throw new RequestError(0, "no-answer", String(fault));
    }
    if (answer.ok) return (await answer.json()) as T;
    const problem = (await answer.json().catch(() => ({}))) as { code?: string; detail?: string };
    const wait = Number(answer.headers.get("Retry-After")) * 1000;
    throw new RequestError(answer.status, problem.code ?? "", problem.detail ?? "", Number.isFinite(wait) ? wait : 0);
  }
}
