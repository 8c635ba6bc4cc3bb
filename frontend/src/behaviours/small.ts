/**
 * Focus where it is needed, copy, print.
 * @example <div role="alert" tabindex="-1" data-nx-focus>…</div>
 * @example <button data-nx-copy="91360…" data-nx-copied="Copied">Copy</button> <button data-nx-print>Print</button>
 */
export class Small {
  readonly #page: Document;

  constructor(page: Document) {
    this.#page = page;
  }

  listen(): void {
    this.#focus(this.#page.body);
    this.#page.addEventListener("htmx:load", (event) => this.#focus(event.target as Element));
    this.#page.addEventListener("click", (event) => {
      const button = (event.target as Element).closest<HTMLElement>("[data-nx-copy], [data-nx-print]");
      if (button?.hasAttribute("data-nx-print")) print();
      else if (button) void this.#copy(button);
    });
  }

  #focus(within: Element): void {
    const wanted = within.querySelector<HTMLElement>("[data-nx-focus]");
    const remembered = sessionStorage.getItem("nx-filter-focus");
    sessionStorage.removeItem("nx-filter-focus");
    (wanted ?? (remembered ? this.#page.getElementById(remembered) : null))?.focus();
  }

  async #copy(button: HTMLElement): Promise<void> {
    await navigator.clipboard.writeText(button.dataset["nxCopy"] ?? "");
    if (button.dataset["nxCopied"]) button.textContent = button.dataset["nxCopied"];
  }
}
