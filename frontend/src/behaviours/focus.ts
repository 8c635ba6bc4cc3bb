/**
 * Sets the focus where it is needed: on an element that asks for it, or on the filter that was used last.
 * @example <div role="alert" tabindex="-1" data-nx-focus>…</div>
 */
export class Focus {
  readonly #page: Document;

  constructor(page: Document) {
    this.#page = page;
  }

  listen(): void {
    this.#focus(this.#page.body);
    this.#page.addEventListener("htmx:load", (event) => this.#focus(event.target as Element));
  }

  #focus(within: Element): void {
    const wanted = within.querySelector<HTMLElement>("[data-nx-focus]");
    const remembered = sessionStorage.getItem("nx-filter-focus");
    sessionStorage.removeItem("nx-filter-focus");
    (wanted ?? (remembered ? this.#page.getElementById(remembered) : null))?.focus();
  }
}
