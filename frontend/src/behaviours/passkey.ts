type Library = typeof import("@simplewebauthn/browser");
type Options = {
  creation_options?: { publicKey: Parameters<Library["startRegistration"]>[0]["optionsJSON"] };
  request_options?: { publicKey: Parameters<Library["startAuthentication"]>[0]["optionsJSON"] };
};

/**
 * Asks the device to make or use a passkey when its form is sent, and sends what the device signed.
 * What is asked stands in the form as JSON, or at the address data-nx-passkey-from.
 * @example <form method="post" data-nx-passkey="make">…<input type="hidden" name="credential">…</form>
 * @example <form method="post" data-nx-passkey="use" data-nx-passkey-from="/…/login/" hidden>…</form>
 */
export class Passkey {
  readonly #page: Document;

  constructor(page: Document) {
    this.#page = page;
  }

  listen(): void {
    if (typeof PublicKeyCredential === "undefined") return; // the ways without one are on the page
    for (const form of this.#page.querySelectorAll<HTMLFormElement>("form[data-nx-passkey]")) {
      form.hidden = false;
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        void this.#send(form);
      });
    }
  }

  async #send(form: HTMLFormElement): Promise<void> {
    const trouble = form.querySelector<HTMLElement>("[data-nx-passkey-trouble]");
    if (trouble) trouble.hidden = true;
    try {
      const credential = await this.#ask(form.dataset["nxPasskey"] ?? "", await this.#options(form));
      const field = form.elements.namedItem("credential") as HTMLInputElement;
      field.value = JSON.stringify(credential);
      form.submit();
    } catch (fault) {
      console.info("passkey", fault);
      if (trouble) trouble.hidden = false;
    }
  }

  async #options(form: HTMLFormElement): Promise<Options> {
    const from = form.dataset["nxPasskeyFrom"];
    if (!from) return JSON.parse(form.querySelector("script[type='application/json']")?.textContent ?? "{}") as Options;
    const answer = await fetch(from, { headers: { "X-Requested-With": "XMLHttpRequest", Accept: "application/json" } });
    return (await answer.json()) as Options;
  }

  async #ask(what: string, options: Options): Promise<unknown> {
    const { startAuthentication, startRegistration } = await import("@simplewebauthn/browser"); // on these pages only
    if (what === "make" && options.creation_options) {
      const optionsJSON = options.creation_options.publicKey;
      // Kept by the device and opened by its owner: both factors at once.
      const authenticatorSelection = { ...optionsJSON.authenticatorSelection, residentKey: "required", requireResidentKey: true, userVerification: "required" } as const;
      return startRegistration({ optionsJSON: { ...optionsJSON, authenticatorSelection } });
    }
    if (what === "use" && options.request_options) return startAuthentication({ optionsJSON: options.request_options.publicKey });
    throw new Error("nothing was asked");
  }
}
