import { describe, expect, it } from "vitest";
import { press, Sheet, stepsOf } from "./sheet";
import type { Question } from "./protocol";

const AB = [{ key: "A", text: "" }, { key: "B", text: "" }, { key: "C", text: "" }];
const PAPER: Question[] = [
  { no: 1, code: "s", kind: "single", stem: "one", options: AB },
  { no: 2, code: "m", kind: "multiple", stem: "two", options: AB },
  { no: 71, code: "c", kind: "case", stem: "case", parts: [
    { code: "a", kind: "judgement", stem: "a", options: AB.slice(0, 2) },
    { code: "b", kind: "multiple", stem: "b", options: AB },
  ] },
];

describe("the answer sheet", () => {
  it("counts a case by its parts", () => {
    expect(stepsOf(PAPER).map((s) => [s.key, s.label, s.kind])).toEqual([
      ["1", "1", "single"], ["2", "2", "multiple"], ["71.a", "71a", "judgement"], ["71.b", "71b", "multiple"],
    ]);
  });

  it("replaces a single choice and gathers a multiple one in the options' order", () => {
    const [single, multiple] = stepsOf(PAPER);
    expect(press(single!, "A", "B")).toBe("B");
    expect(press(multiple!, "C", "A")).toBe("AC");
    expect(press(multiple!, "AC", "C")).toBe("A");
    expect(press(multiple!, "A", "A")).toBe("");
  });

  it("lists blanks first to last, and an emptied answer is blank again", () => {
    const sheet = new Sheet(PAPER, { "1": "B" });
    expect(sheet.choose("71.b", "C")).toBe("C");
    expect(sheet.blanks.map((s) => s.key)).toEqual(["2", "71.a"]);
    expect(sheet.choose("71.b", "C")).toBe("");
    expect(sheet.blanks.map((s) => s.key)).toEqual(["2", "71.a", "71.b"]);
  });

  it("resumes at the first blank and stays at either end", () => {
    const sheet = new Sheet(PAPER, { "1": "B" });
    expect(sheet.current?.key).toBe("2");
    sheet.move(-1);
    sheet.move(-1);
    expect(sheet.current?.key).toBe("1");
    for (let n = 0; n < 9; n += 1) sheet.move(1);
    expect(sheet.current?.key).toBe("71.b");
  });

  it("goes where it is sent and ignores what is not on the paper", () => {
    const sheet = new Sheet(PAPER);
    sheet.go("71.a");
    sheet.go("99");
    expect(sheet.current?.key).toBe("71.a");
  });

  it("marks and unmarks without touching the answer", () => {
    const sheet = new Sheet(PAPER, { "2": "AB" }, ["2"]);
    expect(sheet.isMarked("2")).toBe(true);
    sheet.toggleMark("2");
    expect([sheet.marks, sheet.choice("2")]).toEqual([[], "AB"]);
  });
});
