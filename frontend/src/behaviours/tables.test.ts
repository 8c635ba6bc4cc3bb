import { beforeEach, describe, expect, it } from "vitest";
import { Tables } from "./tables";

const PAGE = `<div class="nx-table-frame"><table><thead><tr><th>Name</th><th>Points</th></tr></thead>
<tbody><tr><td>A</td><td>60</td></tr><tr><td colspan="2">All</td></tr></tbody></table></div>`;

let page: Document;

function look(width: number, narrow: boolean): HTMLElement {
  const frame = page.querySelector<HTMLElement>(".nx-table-frame")!;
  Object.defineProperty(frame, "scrollWidth", { value: width, configurable: true });
  Object.defineProperty(frame, "clientWidth", { value: 360, configurable: true });
  new Tables(page, { matches: narrow, addEventListener: () => undefined } as unknown as MediaQueryList).listen();
  return frame;
}

describe("tables on a phone", () => {
  beforeEach(() => {
    page = document.implementation.createHTMLDocument();
    page.body.innerHTML = PAGE;
  });

  it("sets each value of a table that is too wide beside its heading", () => {
    const frame = look(700, true);
    expect(frame.classList.contains("nx-stacked")).toBe(true);
    expect([...frame.querySelectorAll("tbody td")].map((cell) => cell.getAttribute("data-nx-heading"))).toEqual(["Name", "Points", null]);
    expect(frame.querySelector("tbody td")!.getAttribute("role")).toBe("cell");
  });

  it("leaves a table alone that fits, and every table of a wide page", () => {
    expect(look(360, true).className).toBe("nx-table-frame");
    expect(look(700, false).className).toBe("nx-table-frame");
  });
});
