/** Sends a POST form once: its buttons are disabled while the answer is awaited, and enabled when the page comes back from the cache. */
export class SubmitOnce {
  readonly #page: Document;

  constructor(page: Document) {
    this.#page = page;
  }

  listen(): void {
    this.#page.addEventListener("submit", (event) => this.#disable(event.target as HTMLFormElement, event));
    addEventListener("pageshow", () => this.#enable());
  }

  #disable(form: HTMLFormElement, event: Event): void {
    if (event.defaultPrevented || form.method !== "post" || form.dataset["nxOnce"] === "no") return;
    // After this turn of the loop, or the pressed button's own name and value would not be sent.
    setTimeout(() => {
      for (const button of form.querySelectorAll<HTMLButtonElement>("button:not([type=button])")) {
        button.disabled = true;
        button.dataset["nxResting"] = "";
      }
    });
  }

  #enable(): void {
    for (const button of this.#page.querySelectorAll<HTMLButtonElement>("[data-nx-resting]")) {
      button.disabled = false;
      delete button.dataset["nxResting"];
    }
  }
}
