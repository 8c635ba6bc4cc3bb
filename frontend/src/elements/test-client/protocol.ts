/**
 * The protocol between a test and the answer gateway. All calls carry `Authorization: Bearer <token>`.
 *
 * GET  {url}          → Attempt                       once, at the start and after a break
 * GET  {url}state/    → AttemptStatus                         every 5 s
 * POST {url}start/    → Attempt or AttemptStatus
 * POST {url}answers/  {epoch, answers: Entry[]} → 200 Acked; 409 "lease-superseded"; 410 "attempt-closed";
 *                     425 "not-started"; 429 and 503 mean: later (Retry-After is honoured)
 * POST {url}finish/   {epoch, last_seq} → Result; 409 "answers-missing" while the server lacks some up to last_seq
 * `state` is a state of the attempt's chart; PHASES says which screen each is.
 */
export interface Option {
  key: string;
  text: string;
}

export interface Part {
  code: string;
  kind: "single" | "multiple" | "judgement";
  stem: string;
  options: Option[];
}

export interface Question {
  no: number;
  code: string;
  kind: "single" | "multiple" | "judgement" | "case";
  stem: string;
  options?: Option[];
  parts?: Part[];
}

export interface Result {
  score: string;
  passed: boolean;
  provisional: boolean;
  full_mark?: number;
  pass_mark?: number;
  rating_url: string;
}

export interface AttemptStatus {
  state: string;
  deadline: string | null;
  server_now: string;
  notice?: string;
}

export interface Attempt extends AttemptStatus {
  epoch: number;
  last_seq: number;
  paper?: Question[];
  answers?: Record<string, string>;
  trainee?: { name: string; seat: string };
  result?: Result;
  /** The questions are invented for the demonstration. */
  demo?: boolean;
}

export interface Entry {
  seq: number;
  question: string;
  choice: string;
  client_at: string;
}

export interface Acked {
  acked: number[];
  server_now: string;
  deadline: string | null;
}

export type Phase = "loading" | "waiting" | "admitted" | "ready" | "started" | "held" | "superseded" | "finished" | "closed" | "refused";

/** The server's words (tenants.attempts.methods.protocol), and those of the attempt's chart should they come through. */
const PHASES: Record<string, Phase> = {
  waiting: "waiting", admitted: "admitted", ready: "ready", started: "started", held: "held", finished: "finished",
  prepared: "waiting", checked_in: "ready", on_hold: "held", scored: "finished", confirmed: "finished",
  annulled: "closed", absent: "closed",
};

/** Return which screen a state of the server's stands for; a word we do not know is waiting, never a lost paper. */
export function phaseOf(state: string): Phase {
  return PHASES[state] ?? "waiting";
}

/** A refusal of the server's, or no answer at all (status 0). */
export class RequestError extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryAfter: number;

  constructor(status: number, code: string, words: string, retryAfter = 0) {
    super(words);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /** Say whether the same call may well be taken later: no answer, busy, not yet begun, on hold. */
  get temporary(): boolean {
    return this.status === 0 || this.status === 425 || this.status === 429 || this.status >= 500 || this.code === "on-hold";
  }
}
