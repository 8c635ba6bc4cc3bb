/** The bar on top of a test: what, who, how long, is it saved, hand in. */
import { html, type TemplateResult } from "lit";
import { t } from "../../../locale";
import { icon } from "../../shared/icon";
import type { Session } from "../session";
import { clockFace, duration } from "../timer";
import { badgeLabel } from "./labels";

const BADGE_ICON = { saved: "cloud-check", pending: "cloud-upload", offline: "wifi-off", idle: "cloud-check" } as const;
const BADGE_TONE = { saved: "good", pending: "notice", offline: "signal", idle: "muted" } as const;

export function barView(session: Session, title: string, handIn: () => void): TemplateResult {
  const left = session.clock.left();
  const trainee = session.attempt?.trainee;
  const tone = left === null ? "" : left <= 60 ? "nx-timer-last" : left <= 600 ? "nx-timer-soon" : "";
  return html`<header class="nx-test-bar">
    <div class="nx-test-who"><strong>${title}</strong>
      ${trainee ? html`<span>${trainee.name} · ${t("Seat %(seat)s", { seat: trainee.seat })}</span>` : ""}</div>
    ${session.attempt?.demo ? html`<span class="nx-demo">${icon("test-pipe")}${t("Demonstration data")}</span>` : ""}
    <p class="nx-save nx-tone-${BADGE_TONE[session.badge.kind]}" role="status">${icon(BADGE_ICON[session.badge.kind])} ${badgeLabel(session.badge)}</p>
    ${left === null ? "" : html`<p class="nx-timer ${tone}" role="timer" aria-live="off">${icon("clock")}
      <span class="visually-hidden">${t("Time left")}</span><time datetime=${duration(left)}>${clockFace(left)}</time></p>`}
    <button class="btn btn-primary" type="button" @click=${handIn}>${t("Hand in")}</button>
    ${session.words ? html`<p class="nx-test-notice" role="alert">${icon("speakerphone")} ${session.words}</p>` : ""}
  </header>`;
}
