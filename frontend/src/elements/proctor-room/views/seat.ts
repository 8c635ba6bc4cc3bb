/** The chosen seat: who, how far, how long, and the orders open to this proctor. */
import { html, type TemplateResult } from "lit";
import { t } from "../../../locale";
import { icon } from "../../shared/icon";
import { verbs } from "../commands";
import type { Room } from "../room";
import type { Seat } from "../wire";
import { ageWords, ICONS, lookWords } from "./looks";

export function seatView(room: Room, seat: Seat | undefined, words: string, ask: (verb: string) => void): TemplateResult {
  const said = html`<p class="nx-seat-said" role="status">${words}</p>`;
  if (!seat) return html`<section class="nx-chosen"><p class="nx-muted">${t("Choose a seat: arrow keys move, Enter chooses.")}</p>${said}</section>`;
  const known = verbs();
  const look = room.look(seat);
  return html`<section class="nx-chosen" aria-label=${t("Chosen seat")}>
    <h2>${t("Seat %(seat)s", { seat: seat.seat })} · ${seat.name}</h2>
    <p class="nx-look-${look} nx-chosen-look">${icon(ICONS[look])} ${seat.wants ?? lookWords(look)}</p>
    <dl class="nx-chosen-facts">
      <div><dt>${t("Answered")}</dt><dd>${seat.answered} / ${seat.total}</dd></div>
      <div><dt>${t("Sign of life")}</dt><dd>${ageWords(room.age(seat))}</dd></div>
      ${seat.deadline ? html`<div><dt>${t("Until")}</dt><dd>${new Date(seat.deadline).toLocaleTimeString("zh-CN", { hour12: false, timeZone: "Asia/Shanghai" })}</dd></div>` : ""}
    </dl>
    <div class="nx-chosen-orders">${seat.moves.map((verb) => html`<button type="button" class="btn ${known[verb]?.danger ? "btn-danger" : ""}" @click=${() => ask(verb)}>${icon(known[verb]?.icon ?? "chevron-right")}${known[verb]?.label ?? verb}</button>`)}</div>
    ${said}
  </section>`;
}
