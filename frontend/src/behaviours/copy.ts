/**
 * Copies a text to the clipboard and says so on the button.
 * @example <button data-nx-copy="91360…" data-nx-copied="Copied">Copy</button>
 */
export class Copy {
  readonly #page: Document;

  constructor(page: Document) {
    this.#page = page;
  }

  listen(): void {
    this.#page.addEventListener("click", (event) => {
      const button = (event.target as Element).closest<HTMLElement>("[data-nx-copy]");
      if (button) void this.#copy(button);
    });
  }

  async #copy(button: HTMLElement): Promise<void> {
    await navigator.clipboard.writeText(button.dataset["nxCopy"] ?? "");
    if (button.dataset["nxCopied"]) button.textContent = button.dataset["nxCopied"];
  }
}
