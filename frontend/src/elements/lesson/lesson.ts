/**
 * A lesson that counts its hours by the server's clock.
 * @example <nx-lesson data-sessions="…" data-csrf="…" data-kind="video|document" data-seconds="2700" data-credited="600"
 *   data-position="95" data-back="…"><video …></video><article>…</article></nx-lesson>
 */
import { render } from "lit";
import { isLearning } from "./attention";
import { Meter } from "./meter";
import { Study } from "./study";
import { statusView } from "./view";
import { Calls } from "./protocol";

const SIGNS = ["pointermove", "pointerdown", "keydown", "scroll", "touchstart"] as const;

export class Lesson extends HTMLElement {
  readonly #meter = new Meter();
  readonly #status = document.createElement("aside");
  #study: Study | null = null;
  #every = 0;
  #begun = 0;
  #moved = performance.now();
  #tick: ReturnType<typeof setInterval> | undefined;
  #sinceHeartbeat = 0;

  connectedCallback(): void {
    this.#study = new Study(new Calls(this.dataset["csrf"] ?? ""), this.#meter);
    this.#status.className = "nx-lesson-status";
    this.append(this.#status);
    for (const sign of SIGNS) addEventListener(sign, this.#onSign, { passive: true });
    addEventListener("pagehide", this.#onLeave);
    this.#resumeFilm();
    this.#tick = setInterval(() => void this.#second(), 1000);
    this.#draw(false);
  }

  disconnectedCallback(): void {
    clearInterval(this.#tick);
    for (const sign of SIGNS) removeEventListener(sign, this.#onSign);
    removeEventListener("pagehide", this.#onLeave);
  }

  get #film(): HTMLVideoElement | null {
    return this.querySelector("video");
  }

  #onSign = (): void => void (this.#moved = performance.now());

  #onLeave = (): void => this.#study?.leave();

  #resumeFilm(): void {
    const film = this.#film;
    const at = Number(this.dataset["position"] ?? 0);
    film?.addEventListener("loadedmetadata", () => (film.currentTime = at < film.duration - 5 ? at : 0), { once: true });
  }

  async #second(): Promise<void> {
    const study = this.#study;
    const film = this.#film;
    if (!study) return;
    const learning = study.state !== "ended" && isLearning({
      visible: document.visibilityState === "visible",
      playing: film ? !film.paused && !film.ended : null,
      still: (performance.now() - this.#moved) / 1000,
    });
    this.#meter.run(learning && this.#every > 0);
    this.#sinceHeartbeat += 1;
    this.#draw(learning);
    if (study.state === "ended") film?.pause();
    else if (!this.#every && learning) await this.#begin(study);
    else if (this.#every && this.#sinceHeartbeat >= this.#every) await this.#heartbeat(study);
  }

  async #begin(study: Study): Promise<void> {
    if (performance.now() < this.#begun) return; // one try at a time, and a pause after one that failed
    this.#begun = performance.now() + 10_000;
    this.#every = await study.begin(this.dataset["sessions"] ?? "");
  }

  async #heartbeat(study: Study): Promise<void> {
    this.#sinceHeartbeat = 0;
    await study.heartbeat(this.#film ? Math.floor(this.#film.currentTime) : undefined);
    if (study.last?.stop === "lesson_full" || study.last?.stop === "day_full") study.finish();
  }

  #draw(learning: boolean): void {
    const { seconds = "0", credited = "0", back = "" } = this.dataset;
    if (this.#study) render(statusView(this.#study, learning, { seconds: Number(seconds), credited: Number(credited) }, back), this.#status);
  }
}

customElements.define("nx-lesson", Lesson);
