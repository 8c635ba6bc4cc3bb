/** The seat map: one tile per seat; arrow keys move, Enter chooses. */
import { html, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { t } from "../../../locale";
import { icon } from "../../shared/icon";
import type { Room } from "../room";
import type { Seat } from "../protocol";
import { ageLabel, ICONS, appearanceLabel, ring } from "./seat-appearance";

export function mapView(room: Room, chosen: string, choose: (candidacy: string) => void, onKey: (event: KeyboardEvent) => void): TemplateResult {
  const seats = room.seats;
  const stop = room.find(chosen) ? chosen : (seats.find((seat) => seat.candidacy)?.candidacy ?? "");
  return html`<h2 class="visually-hidden">${t("Seat map")}</h2>
    <div class="nx-seats" role="group" aria-label=${t("Seat map")} @keydown=${onKey}>
      ${repeat(seats, (seat) => seat.candidacy || seat.seat, (seat) => tile(seat, room, seat.candidacy === stop, chosen, choose))}
    </div>`;
}

function tile(seat: Seat, room: Room, stop: boolean, chosen: string, choose: (candidacy: string) => void): TemplateResult {
  const appearance = room.appearance(seat);
  const age = room.age(seat);
  if (!seat.candidacy) return html`<div class="nx-seat nx-look-empty"><span class="nx-seat-no">${seat.seat}</span></div>`;
  const alive = appearance === "writing" || appearance === "silent" || appearance === "held";
  const words = `${t("Seat %(seat)s", { seat: seat.seat })} ${seat.name} ${appearanceLabel(appearance)}${alive ? ` ${ageLabel(age)}` : ""}`;
  return html`<button type="button" class="nx-seat nx-look-${appearance} ${alive ? `nx-ring-${ring(age)}` : ""}" data-candidacy=${seat.candidacy}
    tabindex=${stop ? 0 : -1} aria-pressed=${seat.candidacy === chosen ? "true" : "false"} aria-label=${words} @click=${() => choose(seat.candidacy)}>
    <span class="nx-seat-no">${seat.seat}</span><span class="nx-seat-mark">${icon(ICONS[appearance])}</span>
    <span class="nx-seat-name">${seat.name}</span>
    <span class="nx-seat-done">${seat.total && appearance !== "expected" ? html`<progress class="nx-bar" max=${seat.total} value=${seat.answered} aria-hidden="true"></progress>${seat.answered}/${seat.total}` : appearanceLabel(appearance)}</span>
  </button>`;
}
