/**
 * The protocol between a test room and its proctors.
 *
 * Socket (data-socket): the server sends a Snapshot, then Events numbered without gaps; after a gap or a new connection we
 * ask {"type": "resume", "after": n}. While the socket is down: GET data-poll every 5 s answers a Snapshot.
 * Commands: POST data-commands {"candidacy", "verb", "why"?, "minutes"?, "document"?} with X-CSRFToken and Idempotency-Key;
 * any 2xx is taken; a refusal is problem+json and its `detail` is shown.
 */
export interface Seat {
  seat: string;
  candidacy: string;
  name: string;
  /** tenants.attempts.states.AttemptState, or "" for an empty seat. */
  state: string;
  answered: number;
  total: number;
  /** Seconds since the last sign of life when this was sent; null: never. */
  last_ping_age: number | null;
  deadline: string | null;
  /** The verbs open to this proctor now (tenants.proctoring.states.Verb). */
  moves: string[];
  /** What this seat wants of a person, in words: a raised hand, another computer. */
  wants?: string;
  /** What the chief has ordered for it and can take back still, in words: its end, its annulment. */
  ending?: string;
}

export interface Incident {
  id: string;
  label: string;
  words: string;
  at: string;
  candidacy?: string | null;
  open: boolean;
  url?: string;
}

/** One thing that happened (tenants.sittings.states.EventKind); `seat` holds the whole seat as it now is, where one is touched. */
export interface RoomEvent {
  n: number;
  kind: string;
  at: string;
  words?: string;
  seat?: Seat;
  incident?: Incident;
}

export interface Snapshot {
  type: "snapshot";
  n: number;
  server_now?: string;
  sitting?: { title: string; state: string };
  seats: Seat[];
  incidents?: Incident[];
}

/** `seats` and `incidents` may stand beside or instead of `events`: whole rows as they now are. */
export interface Events {
  type: "events";
  from: number;
  to: number;
  events?: RoomEvent[];
  seats?: Seat[];
  incidents?: Incident[];
}

export type Message = Snapshot | Events;
