/** The bar and, under it, everything that needs a person: it never scrolls away. */
import { html, type TemplateResult } from "lit";
import { t } from "../../../locale";
import { icon } from "../../shared/icon";
import type { ConnectionState } from "../room-connection";
import type { Appearance, Room } from "../room";
import { ageLabel, ICONS, appearanceLabel } from "./seat-appearance";

const COUNTED: Appearance[] = ["expected", "present", "writing", "silent", "held", "finished"];

export function topView(room: Room, state: ConnectionState, choose: (candidacy: string) => void): TemplateResult {
  const urgent = room.urgent;
  const quiet = urgent.length === 0 && room.incidents.length === 0;
  return html`<header class="nx-room-top">
    <div class="nx-room-bar">
      <h1>${room.title || t("Test room")}</h1>
      <ul class="nx-room-counts">${COUNTED.map((appearance) => html`<li class="nx-look-${appearance}">${icon(ICONS[appearance])}<strong>${room.count(appearance)}</strong> ${appearanceLabel(appearance)}</li>`)}</ul>
      ${connectionView(state)}
    </div>
    <div class="nx-needs" role="region" aria-label=${t("Needs you now")}>
      ${quiet ? html`<p class="nx-muted">${icon("circle-check")} ${t("Nobody needs you right now.")}</p>` : ""}
      ${room.incidents.map((incident) => html`<p class="nx-need nx-need-incident">${icon("alert-triangle")}<span><strong>${incident.label}</strong> ${incident.words}</span>${incident.url ? html`<a class="btn btn-sm" href=${incident.url}>${t("Open")}</a>` : ""}</p>`)}
      ${urgent.map((seat) => html`<button type="button" class="nx-need nx-look-${room.appearance(seat)}" @click=${() => choose(seat.candidacy)}>
        ${icon(ICONS[room.appearance(seat)])}<span><strong>${t("Seat %(seat)s", { seat: seat.seat })}</strong> ${seat.name} · ${seat.wants ?? appearanceLabel(room.appearance(seat))} · ${ageLabel(room.age(seat))}</span></button>`)}
    </div>
  </header>`;
}

function connectionView(state: ConnectionState): TemplateResult {
  switch (state) {
    case "live": return html`<p class="nx-save nx-tone-good" role="status">${icon("circle-check")} ${t("Live")}</p>`;
    case "polling": return html`<p class="nx-save nx-tone-warn" role="status">${icon("refresh")} ${t("Every 5 seconds")}</p>`;
    case "lost": return html`<p class="nx-save nx-tone-bad" role="status">${icon("wifi-off")} ${t("No connection: what you see is old")}</p>`;
  }
}
