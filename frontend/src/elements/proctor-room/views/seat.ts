/** The chosen seat: who, how far, how long, and the commands open to this proctor. */
import { html, type TemplateResult } from "lit";
import { t } from "../../../locale";
import { icon } from "../../shared/icon";
import { verbLabel, verbs } from "../commands";
import type { Room } from "../room";
import type { Seat } from "../protocol";
import { ageLabel, ICONS, appearanceLabel } from "./seat-appearance";

export function seatView(room: Room, seat: Seat | undefined, words: string, ask: (verb: string) => void): TemplateResult {
  const status = html`<p class="nx-seat-said" role="status">${words}</p>`;
  if (!seat) return html`<section class="nx-chosen"><p class="nx-muted">${t("Choose a seat: arrow keys move, Enter chooses.")}</p>${status}</section>`;
  const known = verbs();
  const appearance = room.appearance(seat);
  return html`<section class="nx-chosen" aria-label=${t("Chosen seat")}>
    <h2>${t("Seat %(seat)s", { seat: seat.seat })} · ${seat.name}</h2>
    <p class="nx-look-${appearance} nx-chosen-look">${icon(ICONS[appearance])} ${seat.wants ?? seat.ending ?? appearanceLabel(appearance)}</p>
    <dl class="nx-chosen-facts">
      <div><dt>${t("Answered")}</dt><dd>${seat.answered} / ${seat.total}</dd></div>
      <div><dt>${t("Sign of life")}</dt><dd>${ageLabel(room.age(seat))}</dd></div>
      ${seat.deadline ? html`<div><dt>${t("Until")}</dt><dd>${new Date(seat.deadline).toLocaleTimeString("zh-CN", { hour12: false, timeZone: "Asia/Shanghai" })}</dd></div>` : ""}
    </dl>
    <div class="nx-chosen-orders">${seat.moves.map((verb) => html`<button type="button" class="btn ${known[verb]?.danger ? "btn-danger" : ""}" @click=${() => ask(verb)}>${icon(known[verb]?.icon ?? "chevron-right")}${verbLabel(verb, seat)}</button>`)}</div>
    ${status}
  </section>`;
}
