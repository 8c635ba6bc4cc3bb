import { describe, expect, it } from "vitest";
import { Journal } from "./journal";
import { MemoryStore } from "./store";

const AT = new Date("2026-03-02T01:00:00Z");

async function journal(epoch = 1, lastSeq = 0, store = new MemoryStore(), answers: Record<string, string> = {}): Promise<Journal> {
  const fresh = new Journal(store);
  await fresh.resume(epoch, lastSeq, answers);
  return fresh;
}

describe("the journal of unacknowledged answers", () => {
  it("numbers answers from the server's last number on", async () => {
    const j = await journal(1, 6);
    await j.add("12", "A", AT);
    await j.add("12", "AC", AT);
    expect(j.batch().map((e) => [e.seq, e.question, e.choice])).toEqual([[7, "12", "A"], [8, "12", "AC"]]);
    expect(j.lastSeq).toBe(8);
  });

  it("keeps an answer until it is acknowledged, under the same number", async () => {
    const j = await journal();
    await j.add("1", "A", AT);
    await j.add("2", "B", AT);
    const first = j.batch();
    expect(j.batch()).toEqual(first);
    await j.acknowledge([1]);
    expect(j.batch().map((e) => e.seq)).toEqual([2]);
  });

  it("survives a crash of the page: the same machine sends again what was not acknowledged", async () => {
    const store = new MemoryStore();
    const before = await journal(1, 0, store);
    await before.add("1", "A", AT);
    await before.add("71.a", "C", AT);
    await before.acknowledge([1]);
    const after = await journal(1, 1, store);
    expect(after.batch().map((e) => [e.seq, e.question])).toEqual([[2, "71.a"]]);
    expect((await after.add("3", "B", AT)).seq).toBe(3);
  });

  it("sends old answers under a new lease when nobody wrote in between", async () => {
    const store = new MemoryStore();
    await (await journal(1, 4, store)).add("5", "D", AT);
    const after = await journal(2, 4, store);
    expect(after.epoch).toBe(2);
    expect(after.batch().map((e) => e.seq)).toEqual([5]);
  });

  it("drops old answers when another device has gone on", async () => {
    const store = new MemoryStore();
    const here = await journal(1, 4, store);
    await here.add("5", "D", AT);
    await here.add("6", "A", AT);
    const after = await journal(3, 5, store, { "5": "B" });
    expect(after.waiting).toBe(0);
    expect(await store.all()).toEqual([]);
    expect(after.lastSeq).toBe(5);
  });

  it("keeps what the server lacks when only the acknowledgement was lost", async () => {
    const store = new MemoryStore();
    const here = await journal(1, 4, store);
    await here.add("5", "D", AT);
    await here.add("6", "A", AT);
    const after = await journal(2, 5, store, { "5": "D" });
    expect(after.batch().map((e) => [e.seq, e.question])).toEqual([[6, "6"]]);
  });

  it("lays what the server does not know yet over what it told", async () => {
    const j = await journal(1, 2);
    await j.add("2", "BD", AT);
    expect(j.overlay({ "1": "A", "2": "B" })).toEqual({ "1": "A", "2": "BD" });
  });

  it("sends no more than asked in one batch, oldest first", async () => {
    const j = await journal();
    for (let n = 1; n <= 5; n += 1) await j.add(String(n), "A", AT);
    expect(j.batch(2).map((e) => e.seq)).toEqual([1, 2]);
  });
});
