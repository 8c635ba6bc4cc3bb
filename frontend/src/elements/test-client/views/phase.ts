/** The screens around the test: waiting, ready, on hold, superseded, refused, handing in. */
import { html, type TemplateResult } from "lit";
import { t } from "../../../locale";
import { icon } from "../../shared/icon";
import type { Session } from "../session";
import type { Phase } from "../protocol";

interface Screen {
  icon: string;
  title: string;
  words: string;
}

function screenFor(phase: Phase | "handing-in", waiting: boolean): Screen {
  switch (phase) {
    case "waiting":
      return { icon: "door-enter", title: t("Please wait for your check-in"), words: t("The proctor compares your face with your identity card. This page goes on by itself.") };
    case "admitted":
      return { icon: "circle-check", title: t("You are checked in"), words: t("Please wait: the chief proctor begins the test for all. This page goes on by itself.") };
    case "ready":
      return { icon: "circle-check", title: t("You are checked in"), words: t("When you start, your time begins to run on the server's clock. Every answer is saved at once.") };
    case "started": // the paper is on its way
    case "loading":
      return { icon: "refresh", title: t("Loading your test"), words: waiting ? t("No connection yet. Trying again.") : t("One moment, please.") };
    case "held":
      return { icon: "player-pause", title: t("Your test is on hold"), words: t("Please stay seated. The proctor will tell you how it goes on; your answers are safe.") };
    case "superseded":
      return { icon: "device-desktop", title: t("Your test goes on at another device"), words: t("This page no longer saves. If that was not you, raise your hand now.") };
    case "handing-in":
      return { icon: "cloud-upload", title: t("Handing in"), words: t("Please do not close this page until your score shows.") };
    case "finished":
      return { icon: "circle-check", title: t("Your test is closed"), words: t("Everything that was saved counts. Your score is being read.") };
    case "closed":
      return { icon: "info-circle", title: t("This test does not count"), words: t("It was annulled, or you were not here. The proctor or your institution can tell you why and what now.") };
    case "refused":
      return { icon: "alert-triangle", title: t("This test cannot be shown"), words: t("Please call the proctor.") };
  }
}

export function phaseView(session: Session | null, data: DOMStringMap, start: () => void): TemplateResult {
  const phase = session?.handingIn && session.phase === "started" ? "handing-in" : (session?.phase ?? "loading");
  const screen = screenFor(phase, session?.badge.kind === "offline");
  const trainee = session?.attempt?.trainee;
  return html`<section class="nx-phase nx-phase-${phase}" aria-live="polite">
    <span class="nx-phase-icon">${icon(screen.icon)}</span>
    ${data["title"] ? html`<p class="nx-muted">${data["title"]}</p>` : ""}
    <h1>${screen.title}</h1>
    ${trainee ? html`<p class="nx-phase-who">${trainee.name} · ${t("Seat %(seat)s", { seat: trainee.seat })}</p>` : ""}
    <p>${screen.words}</p>
    ${session?.words ? html`<p class="nx-test-notice">${session.words}</p>` : ""}
    ${phase === "ready" ? html`<button class="btn btn-primary btn-lg" type="button" @click=${start}>${t("Start the test")}</button>` : ""}
    ${phase === "superseded" || phase === "refused" ? html`<button class="btn" type="button" @click=${() => location.reload()}>${t("Try again")}</button>` : ""}
  </section>`;
}
