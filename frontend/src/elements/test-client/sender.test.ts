import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { awaitResult, handIn } from "./finishing";
import { Journal } from "./journal";
import { type Badge, Sender, type Stop, waitBefore } from "./sender";
import { MemoryStore } from "./store";
import { type Acked, type Attempt, type Entry, RequestError } from "./protocol";

const AT = new Date("2026-03-02T01:00:00Z");
const ok = (answers: Entry[]): Acked => ({ acked: answers.map((a) => a.seq), server_now: "", deadline: null });

async function room(save: (epoch: number, answers: Entry[]) => Promise<Acked>) {
  const journal = new Journal(new MemoryStore());
  await journal.resume(1, 0);
  const badges: Badge[] = [];
  const stops: Stop[] = [];
  const sender = new Sender(journal, save, { badge: (b) => badges.push(b), acked: () => undefined, stopped: (why) => stops.push(why) });
  return { journal, sender, badges, stops };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("sending", () => {
  it("says saved once everything is acknowledged", async () => {
    const { journal, sender, badges } = await room(async (_, answers) => ok(answers));
    await journal.add("1", "A", AT);
    sender.nudge();
    await sender.flush();
    expect(badges.map((b) => b.kind)).toEqual(["pending", "saved"]);
    expect(journal.waiting).toBe(0);
  });

  it("resends with the same number after the line was away", async () => {
    const sent: Entry[][] = [];
    let away = true;
    const { journal, sender, badges } = await room(async (_, answers) => {
      sent.push(answers);
      if (away) throw new RequestError(0, "no-answer", "");
      return ok(answers);
    });
    await journal.add("12", "AC", AT);
    await sender.flush();
    expect(badges.at(-1)).toEqual({ kind: "offline", count: 1 });
    away = false;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(sent.map((batch) => batch.map((e) => e.seq))).toEqual([[1], [1]]);
    expect(badges.at(-1)?.kind).toBe("saved");
  });

  it("waits when the server is busy, and no shorter than it asks", async () => {
    let calls = 0;
    const { journal, sender } = await room(async (_, answers) => {
      calls += 1;
      if (calls === 1) throw new RequestError(429, "busy", "", 9_000);
      return ok(answers);
    });
    await journal.add("1", "A", AT);
    await sender.flush();
    await vi.advanceTimersByTimeAsync(8_000);
    expect(calls).toBe(1);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(calls).toBe(2);
  });

  it.each([
    [409, "lease-superseded", "superseded"], [410, "attempt-closed", "closed"], [403, "denied", "refused"],
  ] as const)("stops for good at %i %s and keeps what it has", async (status, code, why) => {
    let calls = 0;
    const { journal, sender, stops } = await room(async () => {
      calls += 1;
      throw new RequestError(status, code, "words");
    });
    await journal.add("1", "A", AT);
    await sender.flush();
    await vi.advanceTimersByTimeAsync(60_000);
    sender.nudge();
    expect([stops, calls, journal.waiting]).toEqual([[why], 1, 1]);
  });

  it("waits out a hold", async () => {
    let held = true;
    const { journal, sender, stops } = await room(async (_, answers) => {
      if (held) throw new RequestError(409, "on-hold", "");
      return ok(answers);
    });
    await journal.add("1", "A", AT);
    await sender.flush();
    held = false;
    await vi.advanceTimersByTimeAsync(2_000);
    expect([stops, journal.waiting]).toEqual([[], 0]);
  });

  it("doubles its wait up to a cap, spread by half", () => {
    expect([0, 1, 2, 10].map((n) => waitBefore(n, 0.5))).toEqual([800, 1600, 3200, 15_000]);
    expect([waitBefore(0, 0), waitBefore(0, 1)]).toEqual([400, 1200]);
    expect(waitBefore(0, 0, 5_000)).toBe(5_000);
  });
});

const RESULT = { score: "86", passed: true, provisional: true, rating_url: "" };
const STATE: Attempt = { state: "started", epoch: 1, last_seq: 0, server_now: "", deadline: null };
const attempt = async () => STATE;

describe("handing in", () => {
  it("asks the server where it stands when answers were lost here, and hands in what it has", async () => {
    const { journal, sender } = await room(async (_, answers) => ok(answers));
    await journal.add("1", "A", AT);
    await journal.acknowledge([1]);
    const asked: number[] = [];
    const finish = async (_: number, last: number) => {
      asked.push(last);
      if (last > 0) throw new RequestError(409, "answers-missing", "");
      return RESULT;
    };
    expect([await handIn({ finish, attempt }, journal, sender, () => true), asked]).toEqual([RESULT, [1, 0]]);
  });

  it("waits for the result of an attempt that the server has closed", async () => {
    const answers: (Attempt | RequestError)[] = [STATE, new RequestError(503, "", ""), { ...STATE, state: "finished", result: RESULT }];
    const calls = { attempt: async () => {
      const next = answers.shift();
      if (next instanceof RequestError || !next) throw next;
      return next;
    } };
    const found = awaitResult(calls);
    await vi.advanceTimersByTimeAsync(10_000);
    expect((await found).result).toEqual(RESULT);
  });

  it("comes after the last answer, with the highest number", async () => {
    const order: string[] = [];
    const { journal, sender } = await room(async (_, answers) => {
      order.push(`save ${answers.length}`);
      return ok(answers);
    });
    await journal.add("1", "A", AT);
    await journal.add("2", "B", AT);
    const finish = async (epoch: number, last: number) => {
      order.push(`finish ${epoch} ${last}`);
      return RESULT;
    };
    expect(await handIn({ finish, attempt }, journal, sender, () => true)).toEqual(RESULT);
    expect(order).toEqual(["save 2", "finish 1 2"]);
  });

  it("is tried again while the server is away, and refuses as the server does", async () => {
    const { journal, sender } = await room(async (_, answers) => ok(answers));
    let tries = 0;
    const finish = async () => {
      tries += 1;
      throw tries < 3 ? new RequestError(503, "", "") : new RequestError(410, "attempt-closed", "closed");
    };
    const outcome = handIn({ finish, attempt }, journal, sender, () => true).catch((fault: RequestError) => fault.code);
    await vi.advanceTimersByTimeAsync(10_000);
    expect([await outcome, tries]).toEqual(["attempt-closed", 3]);
  });
});
