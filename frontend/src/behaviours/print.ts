/**
 * Prints the page.
 * @example <button data-nx-print>Print</button>
 */
export class Print {
  readonly #page: Document;

  constructor(page: Document) {
    this.#page = page;
  }

  listen(): void {
    this.#page.addEventListener("click", (event) => {
      if ((event.target as Element).closest("[data-nx-print]")) print();
    });
  }
}
