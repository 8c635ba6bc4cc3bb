import { describe, expect, it } from "vitest";
import { Announcer, clockFace, duration, ServerClock } from "./timer";

describe("the timer", () => {
  it.each([[0, "00:00"], [59, "00:59"], [61, "01:01"], [3599, "59:59"], [3600, "1:00:00"], [7384, "2:03:04"]])("shows %i s as %s", (s, face) => {
    expect(clockFace(s)).toBe(face);
  });

  it("writes a duration for machines", () => {
    expect(duration(61)).toBe("PT61S");
  });

  it("counts by the server's clock, not this machine's", () => {
    let tick = 1_000;
    const clock = new ServerClock(() => tick);
    clock.learn({ server_now: "2026-03-02T09:00:00+08:00", deadline: "2026-03-02T10:00:00+08:00" }, 200);
    expect(clock.left()).toBe(3600);
    tick += 60_000;
    expect(clock.left()).toBe(3540);
    tick += 9_999_999;
    expect(clock.left()).toBe(0);
  });

  it("takes a deadline that moves, and none", () => {
    const clock = new ServerClock(() => 0);
    clock.learn({ server_now: "2026-03-02T01:00:00Z", deadline: "2026-03-02T01:10:00Z" });
    clock.learn({ server_now: "2026-03-02T01:00:00Z", deadline: "2026-03-02T01:15:00Z" });
    expect(clock.left()).toBe(900);
    clock.learn({ server_now: "2026-03-02T01:00:00Z", deadline: null });
    expect(clock.left()).toBeNull();
  });

  it("says 30, 10, 5 and 1 minutes once each", () => {
    const announcer = new Announcer();
    const said = [];
    for (let s = 1900; s >= 0; s -= 1) said.push(announcer.cross(s));
    expect(said.filter((m) => m !== null)).toEqual([30, 10, 5, 1]);
  });

  it("says only the last of several crossed at once, and nothing at the start", () => {
    const announcer = new Announcer();
    expect(announcer.cross(400)).toBeNull();
    expect(announcer.cross(250)).toBe(5);
    expect(new Announcer().cross(30)).toBeNull();
  });
});
