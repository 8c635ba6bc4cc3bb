import { describe, expect, it } from "vitest";
import { neighbour } from "./seat-keys";
import { Room } from "./room";
import { ring } from "./views/seat-appearance";
import type { Events, Seat } from "./protocol";

const seat = (no: string, more: Partial<Seat> = {}): Seat => ({
  seat: no, candidacy: `c${no}`, name: `N${no}`, state: "started", answered: 0, total: 74, last_ping_age: 2, deadline: null, moves: [], ...more,
});
const events = (from: number, to: number, more: Partial<Events> = {}): Events => ({ type: "events", from, to, ...more });

function room(seats: Seat[], n = 10) {
  let tick = 0;
  const made = new Room(() => tick);
  made.apply({ type: "snapshot", n, seats });
  return { room: made, pass: (seconds: number) => (tick += seconds * 1000) };
}

describe("the room", () => {
  it("orders seats as people count", () => {
    expect(room([seat("10"), seat("2"), seat("1")]).room.seats.map((s) => s.seat)).toEqual(["1", "2", "10"]);
  });

  it("moves on by events that follow without a gap", () => {
    const { room: r } = room([seat("1")]);
    expect(r.apply(events(11, 12, { events: [{ n: 11, kind: "saved", at: "", seat: seat("1", { answered: 5 }) }] }))).toBe(true);
    expect([r.n, r.find("c1")?.answered]).toEqual([12, 5]);
  });

  it("notices a gap, changes nothing, and asks to resume", () => {
    const { room: r } = room([seat("1")]);
    expect(r.apply(events(13, 13, { seats: [seat("1", { answered: 9 })] }))).toBe(false);
    expect([r.n, r.find("c1")?.answered]).toEqual([10, 0]);
  });

  it("takes what it has received before without harm", () => {
    const { room: r } = room([seat("1", { answered: 7 })]);
    expect(r.apply(events(8, 10, { seats: [seat("1", { answered: 3 })] }))).toBe(true);
    expect(r.find("c1")?.answered).toBe(7);
    const overlapping = [{ n: 10, kind: "saved", at: "", seat: seat("1", { answered: 1 }) }, { n: 11, kind: "saved", at: "", seat: seat("1", { answered: 8 }) }];
    expect(r.apply(events(10, 11, { events: overlapping }))).toBe(true);
    expect([r.n, r.find("c1")?.answered]).toEqual([11, 8]);
  });

  it("counts a writing seat as silent when its heartbeat stops", () => {
    const { room: r, pass } = room([seat("1"), seat("2", { last_ping_age: null })]);
    expect(r.seats.map((s) => r.appearance(s))).toEqual(["writing", "silent"]);
    pass(30);
    expect([r.age(r.seats[0]!), r.appearance(r.seats[0]!)]).toEqual([32, "silent"]);
  });

  it("puts first who asks for a person, then the longest silent", () => {
    const { room: r } = room([seat("1"), seat("2", { last_ping_age: 40 }), seat("3", { wants: "raised hand" }), seat("4", { last_ping_age: 90 }), seat("5", { state: "scored" })]);
    expect(r.urgent.map((s) => s.seat)).toEqual(["3", "4", "2"]);
  });

  it("keeps open incidents only, newest first", () => {
    const { room: r } = room([]);
    const incident = (id: string, at: string, open = true) => ({ id, label: id, words: "", at, open });
    r.apply(events(11, 13, { incidents: [incident("a", "09:00"), incident("b", "09:05"), incident("c", "09:01", false)] }));
    expect(r.incidents.map((i) => i.id)).toEqual(["b", "a"]);
  });

  it("shows an empty seat as empty", () => {
    const { room: r } = room([seat("7", { candidacy: "", name: "", state: "" })]);
    expect(r.appearance(r.seats[0]!)).toBe("empty");
  });
});

describe("moving on the map", () => {
  it.each([["ArrowRight", 3, 4], ["ArrowLeft", 3, 2], ["ArrowDown", 3, 8], ["ArrowUp", 8, 3], ["Home", 8, 0], ["End", 0, 11]])("%s from %i leads to %i", (key, from, to) => {
    expect(neighbour(key, from, 12, 5)).toBe(to);
  });

  it.each([["ArrowLeft", 0], ["ArrowUp", 2], ["ArrowDown", 10], ["ArrowRight", 11], ["x", 5]])("%s from %i stays", (key, from) => {
    expect(neighbour(key, from, 12, 5)).toBe(-1);
  });

  it("draws the ring in five ages", () => {
    expect([0, 7, 8, 13, 30, 61, null].map(ring)).toEqual([0, 0, 1, 2, 3, 4, 4]);
  });
});
