import { afterEach, describe, expect, it, vi } from "vitest";
import { command, verbLabel } from "./commands";
import type { Seat } from "./protocol";

const time = { candidacy: "c1", verb: "time", minutes: "5", why: "停电" };

function answering(...answers: (Response | Error)[]): string[] {
  const keys: string[] = [];
  vi.stubGlobal("fetch", async (_url: string, sent: { headers: Record<string, string> }) => {
    keys.push(sent.headers["Idempotency-Key"] ?? "");
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  });
  return keys;
}

afterEach(() => vi.unstubAllGlobals());

describe("a command", () => {
  it("bears the same key again while nobody knows whether it arrived, and another one afterwards", async () => {
    const keys = answering(new TypeError("no connection"), new Response("{}"), new Response("{}"));
    expect(await command("/c", "", time)).not.toBe("");
    expect([await command("/c", "", time), await command("/c", "", time)]).toEqual(["", ""]);
    expect(keys[0]).toBe(keys[1]);
    expect(keys[2]).not.toBe(keys[1]);
  });
});

describe("what a command is called", () => {
  it("is a taking back where an end or an annulment was ordered, and a going on after a hold", () => {
    const seat = { moves: ["resume"] } as unknown as Seat;
    expect(verbLabel("resume", seat)).not.toBe(verbLabel("resume", { ...seat, ending: "Is being annulled" }));
    expect(verbLabel("annul", seat)).toBe(verbLabel("annul", undefined));
  });
});
