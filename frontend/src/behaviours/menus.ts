/**
 * Menus made of `<details>` close on Escape and on a click elsewhere.
 * @example <details class="nx-menu"><summary>…</summary><div class="nx-menu-body">…</div></details>
 */
export class Menus {
  readonly #page: Document;

  constructor(page: Document) {
    this.#page = page;
  }

  listen(): void {
    this.#page.addEventListener("click", (event) => this.#close((menu) => !menu.contains(event.target as Node)));
    this.#page.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#close(() => true);
    });
  }

  #close(which: (menu: Element) => boolean): void {
    for (const menu of this.#page.querySelectorAll<HTMLDetailsElement>("details.nx-menu[open]")) {
      if (!which(menu)) continue;
      if (menu.contains(this.#page.activeElement)) menu.querySelector<HTMLElement>("summary")?.focus();
      menu.open = false;
    }
  }
}
