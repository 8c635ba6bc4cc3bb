import { describe, expect, it } from "vitest";
import { t } from "./index";

describe("texts", () => {
  it("fills in what is named and leaves what is not given", () => {
    document.documentElement.lang = "en";
    expect(t("Seat %(seat)s of %(hall)s", { seat: "A-07" })).toBe("Seat A-07 of %(hall)s");
  });

  it("shows English where Chinese is missing", () => {
    document.documentElement.lang = "zh-hans";
    expect(t("Nobody has translated this")).toBe("Nobody has translated this");
  });
});
