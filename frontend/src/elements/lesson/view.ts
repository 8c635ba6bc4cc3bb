/** The strip that says whether time is being counted, how far the lesson is, and how many hours there are. */
import { html, type TemplateResult } from "lit";
import { t } from "../../locale";
import { icon } from "../shared/icon";
import type { Study } from "./study";
import type { LessonHours } from "./protocol";

const STATUS_LINES = {
  paused: { icon: "player-pause", tone: "muted", words: () => t("Not counting: play the film, or read on.") },
  counting: { icon: "clock", tone: "good", words: () => t("Your time is being counted.") },
  waiting: { icon: "wifi-off", tone: "signal", words: () => t("No connection. What you learn is reported as soon as it is back.") },
  ended: { icon: "info-circle", tone: "notice", words: () => t("Counting has stopped here.") },
} as const;

export function statusView(study: Study, learning: boolean, known: LessonHours, back: string): TemplateResult {
  const ended = study.state === "ended";
  const line = STATUS_LINES[ended ? "ended" : study.state === "waiting" ? "waiting" : learning ? "counting" : "paused"];
  const lesson = study.last?.lesson ?? known;
  const hours = study.last?.hours;
  const minutes = (seconds: number) => Math.floor(seconds / 60);
  return html`
    <p class="nx-save nx-tone-${line.tone}" role="status">${icon(line.icon)} ${(ended && study.words) || line.words()}</p>
    <div class="nx-lesson-progress"><progress class="nx-bar" max=${lesson.seconds || 1} value=${lesson.credited} aria-label=${t("This lesson")}></progress>
      <span>${t("%(done)s of %(all)s minutes", { done: minutes(lesson.credited), all: minutes(lesson.seconds) })}</span></div>
    ${hours ? html`<p class="nx-muted">${t("All lessons: %(done)s of %(all)s class hours", { done: Math.floor(hours.credited * 10) / 10, all: hours.required })}</p>` : ""}
    ${study.words && !ended ? html`<p class="nx-muted">${study.words}</p>` : ""}
    ${ended ? html`<p><a class="btn btn-primary" href=${back}>${t("Back to my class")}</a> <button class="btn" type="button" @click=${() => location.reload()}>${t("Go on here")}</button></p>` : ""}`;
}
