/**
 * Asks before an act, in the page's one dialog.
 * @example <form method="post" data-nx-confirm="Sign as true?" data-nx-confirm-detail="…" data-nx-confirm-ok="Sign">
 * @example <button hx-post="…" data-nx-confirm="Remove?">
 */
type HtmxConfirm = CustomEvent<{ elt: Element; issueRequest(skip: boolean): void }>;

export class Confirm {
  readonly #page: Document;
  #granted: Element | null = null;

  constructor(page: Document) {
    this.#page = page;
  }

  listen(): void {
    this.#page.addEventListener("submit", (event) => this.#onSubmit(event), { capture: true });
    this.#page.addEventListener("htmx:confirm", (event) => this.#onHtmx(event as HtmxConfirm));
  }

  #onSubmit(event: SubmitEvent): void {
    const form = event.target as HTMLFormElement;
    const asking = event.submitter?.closest<HTMLElement>("[data-nx-confirm]") ?? form;
    if (!asking.dataset["nxConfirm"] || this.#granted === form) {
      this.#granted = null;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    this.#ask(asking, () => {
      this.#granted = form;
      form.requestSubmit(submitter);
    });
  }

  #onHtmx(event: HtmxConfirm): void {
    const asking = event.detail.elt.closest<HTMLElement>("[data-nx-confirm]");
    if (!asking || asking instanceof HTMLFormElement) return; // a form has asked at its submit event
    event.preventDefault();
    this.#ask(asking, () => event.detail.issueRequest(true));
  }

  #ask(asking: HTMLElement, act: () => void): void {
    const dialog = this.#page.querySelector<HTMLDialogElement>("#nx-confirm");
    const title = dialog?.querySelector("h2");
    const detail = dialog?.querySelector("p");
    const ok = dialog?.querySelector<HTMLButtonElement>("[value=ok]");
    if (!dialog || !title || !detail || !ok) {
      // A bare page. Not in this event: while a form is being submitted, a browser ignores requestSubmit().
      if (confirm(asking.dataset["nxConfirm"])) setTimeout(act);
      return;
    }
    title.textContent = asking.dataset["nxConfirm"] ?? "";
    detail.textContent = asking.dataset["nxConfirmDetail"] ?? "";
    ok.textContent = asking.dataset["nxConfirmOk"] ?? ok.dataset["default"] ?? "";
    dialog.returnValue = "cancel";
    dialog.addEventListener("close", () => dialog.returnValue === "ok" && act(), { once: true });
    dialog.showModal();
  }
}
