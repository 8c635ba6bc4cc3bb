/**
 * The trainee's test.
 * @example <nx-test-client data-attempt-url="/live/attempts/0198…/" data-token="…" data-csrf="…" data-title="土建施工员" data-home="/my/">
 */
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { Calls } from "./calls";
import { keyAction } from "./keys";
import { Marks } from "./marks";
import { Session } from "./session";
import { BrowserStore } from "./store";
import { Announcer } from "./timer";
import { barView } from "./views/bar";
import { handInView } from "./views/hand-in";
import { phaseView } from "./views/phase";
import { questionView } from "./views/question";
import { scoreView } from "./views/score";
import { sheetView } from "./views/sheet";
import { minutesLeft } from "./views/labels";

export class TestClient extends LitElement {
  #session: Session | null = null;
  #announcer = new Announcer();
  #aloud = "";
  #second: ReturnType<typeof setInterval> | undefined;

  override createRenderRoot(): this {
    return this; // light DOM: the page's style sheet and its Content Security Policy hold here too
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#begin();
    this.#second = setInterval(() => this.#tick(), 1000);
    addEventListener("keydown", this.#onKey);
    addEventListener("online", this.#onLine);
    addEventListener("beforeunload", this.#onLeave);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#second);
    this.#session?.leave();
    removeEventListener("keydown", this.#onKey);
    removeEventListener("online", this.#onLine);
    removeEventListener("beforeunload", this.#onLeave);
  }

  async #begin(): Promise<void> {
    const { attemptUrl = "", token = "", csrf = "" } = this.dataset;
    const store = await BrowserStore.open(attemptUrl);
    const calls = new Calls(attemptUrl, token, csrf);
    this.#session = new Session(calls, store, new Marks(attemptUrl), () => this.requestUpdate());
    await this.#session.open();
  }

  #tick(): void {
    const session = this.#session;
    const left = session?.phase === "started" ? session.clock.left() : null;
    if (!session || left === null) return;
    const minutes = this.#announcer.cross(left);
    if (minutes !== null) this.#aloud = minutesLeft(minutes);
    if (left === 0 && !session.handingIn) void session.finish();
    this.requestUpdate();
  }

  #onLine = (): void => this.#session?.retry();

  #onLeave = (event: BeforeUnloadEvent): void => {
    if (this.#session?.phase === "started") event.preventDefault();
  };

  #onKey = (event: KeyboardEvent): void => {
    const sheet = this.#session?.sheet;
    const step = sheet?.current;
    if (this.#session?.phase !== "started" || !sheet || !step || document.querySelector("dialog[open]")) return;
    const action = keyAction(event, step.options);
    if (!action) return;
    event.preventDefault();
    if (action.do === "choose") this.#session.choose(step.key, action.key);
    else if (action.do === "mark") this.#session.toggleMark(step.key);
    else this.#go(() => sheet.move(action.by));
  };

  #go(change: () => void): void {
    change();
    this.requestUpdate();
    void this.updateComplete.then(() => this.querySelector(".nx-step-current")?.scrollIntoView({ block: "nearest" }));
  }

  override render(): TemplateResult {
    const session = this.#session;
    const sheet = session?.sheet;
    if (session?.phase === "finished" && session.result) return scoreView(session.result, session.attempt, this.dataset);
    if (!session || session.phase !== "started" || !sheet) return phaseView(session, this.dataset, () => void session?.start());
    return html`
      ${barView(session, this.dataset["title"] ?? "", () => this.#openHandIn())}
      <div class="nx-test">
        <div class="nx-test-question">${questionView(sheet, {
          choose: (key, option) => session.choose(key, option),
          mark: (key) => session.toggleMark(key),
          go: (key) => this.#go(() => sheet.go(key)),
          move: (by) => this.#go(() => sheet.move(by)),
        })}</div>
        ${sheetView(sheet, (key) => this.#go(() => sheet.go(key)))}
      </div>
      ${handInView(sheet, (key) => this.#go(() => sheet.go(key)), () => void session.finish())}
      ${session.handingIn ? phaseView(session, this.dataset, () => undefined) : nothing}
      <p class="visually-hidden" role="status">${this.#aloud}</p>`;
  }

  #openHandIn(): void {
    this.querySelector<HTMLDialogElement>("dialog.nx-hand-in")?.showModal();
  }
}

customElements.define("nx-test-client", TestClient);
