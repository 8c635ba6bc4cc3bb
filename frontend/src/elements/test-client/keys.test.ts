import { describe, expect, it } from "vitest";
import { keyAction } from "./keys";

const OPTIONS = ["A", "B", "C", "D"].map((key) => ({ key, text: "" }));

describe("the keyboard of a test", () => {
  it.each([
    ["1", { do: "choose", key: "A" }], ["4", { do: "choose", key: "D" }], ["c", { do: "choose", key: "C" }], ["D", { do: "choose", key: "D" }],
    ["ArrowLeft", { do: "move", by: -1 }], ["ArrowRight", { do: "move", by: 1 }], ["m", { do: "mark" }], ["M", { do: "mark" }],
  ])("%s means %o", (key, act) => {
    expect(keyAction({ key }, OPTIONS)).toEqual(act);
  });

  it.each(["5", "9", "0", "E", "x", "Enter", "Tab", "ArrowDown", " "])("%s is not ours", (key) => {
    expect(keyAction({ key }, OPTIONS)).toBeNull();
  });

  it("leaves the browser's own combinations alone", () => {
    expect(keyAction({ key: "a", ctrlKey: true }, OPTIONS)).toBeNull();
    expect(keyAction({ key: "ArrowLeft", altKey: true }, OPTIONS)).toBeNull();
  });
});
