/**
 * The protocol of a lesson (tenants.courses.views.learning).
 *
 * POST data-sessions → 201 Session; POST session.heartbeats Heartbeat → HeartbeatResult; POST session.ending → 204.
 * A heartbeat whose answer was lost is sent again under its nonce; it is credited once. 409 "learning-ended" and "nonce-used"
 * mean that learning goes on elsewhere, or must be begun anew.
 */
export interface LessonHours {
  seconds: number;
  credited: number;
}

export interface Session {
  session: string;
  nonce: string;
  every: number;
  heartbeats: string;
  ending: string;
  lesson: LessonHours;
}

export interface Heartbeat {
  nonce: string;
  seconds: number;
  position?: number;
}

export interface HeartbeatResult {
  nonce: string;
  credited: number;
  /** Why less was credited than claimed: tenants.courses.states.Stop, "" when nothing was cut. */
  stop: string;
  words: string;
  lesson: LessonHours;
  hours: { credited: number; required: number; complete: boolean };
}

/** A refusal of the server's in its own words, or no answer at all (status 0). */
export class RequestError extends Error {
  readonly status: number;
  readonly words: string;

  constructor(status: number, words: string) {
    super(words);
    this.status = status;
    this.words = words;
  }

  get temporary(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export class Calls {
  readonly #csrf: string;

  constructor(csrf: string) {
    this.#csrf = csrf;
  }

  begin(url: string): Promise<Session> {
    return this.#post<Session>(url, {});
  }

  heartbeat(session: Session, heartbeat: Heartbeat): Promise<HeartbeatResult> {
    return this.#post<HeartbeatResult>(session.heartbeats, heartbeat);
  }

  /** End the session while the page goes away; nobody waits for the answer. */
  end(session: Session): void {
    void this.#post(session.ending, {}, true).catch(() => undefined);
  }

  async #post<T>(url: string, body: unknown, keepalive = false): Promise<T> {
    const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.#csrf };
    let answer: Response;
    try {
      answer = await fetch(url, { method: "POST", credentials: "same-origin", keepalive, headers, body: JSON.stringify(body) });
    } catch {
      throw new RequestError(0, "offline");
    }
    const result = (await answer.json().catch(() => ({}))) as T & { detail?: string };
    if (!answer.ok) throw new RequestError(answer.status, result.detail ?? "");
    return result;
  }
}
