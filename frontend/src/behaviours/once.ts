/** A POST form is sent once: its buttons rest while the answer is on its way, and wake when the page comes back from the cache. */
export class Once {
  readonly #page: Document;

  constructor(page: Document) {
    this.#page = page;
  }

  listen(): void {
    this.#page.addEventListener("submit", (event) => this.#rest(event.target as HTMLFormElement, event));
    addEventListener("pageshow", () => this.#wake());
  }

  #rest(form: HTMLFormElement, event: Event): void {
    if (event.defaultPrevented || form.method !== "post" || form.dataset["nxOnce"] === "no") return;
    // After this turn of the loop, or the pressed button's own name and value would not be sent.
    setTimeout(() => {
      for (const button of form.querySelectorAll<HTMLButtonElement>("button:not([type=button])")) {
        button.disabled = true;
        button.dataset["nxResting"] = "";
      }
    });
  }

  #wake(): void {
    for (const button of this.#page.querySelectorAll<HTMLButtonElement>("[data-nx-resting]")) {
      button.disabled = false;
      delete button.dataset["nxResting"];
    }
  }
}
