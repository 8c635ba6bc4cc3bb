/**
 * Theme and type size, kept in cookies so that the server writes the page right the first time.
 * @example <button data-nx-theme-switch>…</button> <button data-nx-type-switch aria-pressed="false">…</button>
 */
import { paint } from "../theme";

const YEAR = 31_536_000;

export class Preferences {
  readonly #page: Document;

  constructor(page: Document) {
    this.#page = page;
  }

  listen(): void {
    this.#page.addEventListener("click", (event) => {
      const button = (event.target as Element).closest<HTMLElement>("[data-nx-theme-switch], [data-nx-type-switch]");
      if (button?.hasAttribute("data-nx-theme-switch")) this.#switchTheme();
      else if (button) this.#switchType(button);
    });
  }

  #switchTheme(): void {
    const root = this.#page.documentElement;
    root.dataset["nxTheme"] = root.dataset["bsTheme"] === "dark" ? "light" : "dark";
    paint();
    this.#keep("nx_theme", root.dataset["nxTheme"]);
  }

  #switchType(button: HTMLElement): void {
    const root = this.#page.documentElement;
    const large = root.dataset["nxType"] !== "large";
    root.dataset["nxType"] = large ? "large" : "normal";
    button.setAttribute("aria-pressed", String(large));
    this.#keep("nx_type", root.dataset["nxType"]);
  }

  #keep(name: string, value: string): void {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    this.#page.cookie = `${name}=${value}; Path=/; Max-Age=${YEAR}; SameSite=Lax${secure}`;
  }
}
