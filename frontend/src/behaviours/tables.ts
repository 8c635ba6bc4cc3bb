const NARROW = "(width < 48rem)";
const HEADING = "data-nx-heading";

/**
 * Sets the rows of a table that is wider than a phone one below the other, each value beside its heading.
 * Without it the frame scrolls sideways. A table says what its parts are, as it is no table to a reader of screens then.
 * @example <div class="nx-table-frame"><table class="table">…</table></div>
 */
export class Tables {
  readonly #page: Document;
  readonly #narrow: MediaQueryList;

  constructor(page: Document, narrow: MediaQueryList = matchMedia(NARROW)) {
    this.#page = page;
    this.#narrow = narrow;
  }

  listen(): void {
    this.#all(this.#page.body);
    this.#page.addEventListener("htmx:load", (event) => this.#all(event.target as Element));
    this.#page.addEventListener("toggle", (event) => this.#all(event.target as Element), true); // shown just now
    this.#narrow.addEventListener("change", () => this.#all(this.#page.body));
  }

  #all(within: Element): void {
    for (const frame of within.querySelectorAll<HTMLElement>(".nx-table-frame")) this.#look(frame);
  }

  #look(frame: HTMLElement): void {
    frame.classList.remove("nx-stacked");
    if (this.#narrow.matches && frame.scrollWidth > frame.clientWidth + 1) this.#stack(frame);
  }

  #stack(frame: HTMLElement): void {
    const headings = [...frame.querySelectorAll("thead th")].map((heading) => heading.textContent.trim());
    if (headings.length === 0) return;
    frame.querySelector("table")!.setAttribute("role", "table");
    for (const row of frame.querySelectorAll("tr")) {
      row.setAttribute("role", "row");
      [...row.cells].forEach((cell, n) => {
        cell.setAttribute("role", cell.tagName === "TH" ? (row.parentElement?.tagName === "THEAD" ? "columnheader" : "rowheader") : "cell");
        if (cell.colSpan === 1 && row.cells.length === headings.length) cell.setAttribute(HEADING, headings[n] ?? "");
      });
    }
    frame.classList.add("nx-stacked");
  }
}
