/**
 * A filter that applies itself: at once for a choice, 400 ms after the last key for text.
 * @example <form method="get" data-nx-autosubmit>…</form>
 */
const PAUSE = 400;

export class AutoSubmit {
  readonly #page: Document;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(page: Document) {
    this.#page = page;
  }

  listen(): void {
    this.#page.addEventListener("change", (event) => this.#soon(event, 0));
    this.#page.addEventListener("input", (event) => this.#soon(event, PAUSE));
  }

  #soon(event: Event, wait: number): void {
    const field = event.target as HTMLInputElement;
    const form = field.form;
    if (!form?.hasAttribute("data-nx-autosubmit") || (event.type === "input" && !this.#isText(field))) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      sessionStorage.setItem("nx-filter-focus", field.id);
      form.requestSubmit();
    }, wait);
  }

  #isText(field: HTMLInputElement): boolean {
    return ["text", "search", "tel", "email"].includes(field.type);
  }
}
