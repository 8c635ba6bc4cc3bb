/** The same seats as a list, for whoever reads better than maps. */
import { html, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { t } from "../../../locale";
import { icon } from "../../shared/icon";
import type { Room } from "../room";
import { ICONS, appearanceLabel } from "./seat-appearance";

export function listView(room: Room, chosen: string, choose: (candidacy: string) => void): TemplateResult {
  const seats = room.seats.filter((seat) => seat.candidacy);
  return html`<div class="nx-room-list"><table>
    <thead><tr><th scope="col">${t("Seat")}</th><th scope="col">${t("Name")}</th><th scope="col">${t("State")}</th><th scope="col" class="nx-num">${t("Answered")}</th></tr></thead>
    <tbody>${repeat(seats, (seat) => seat.candidacy, (seat) => html`<tr class=${seat.candidacy === chosen ? "nx-row-chosen" : ""}>
      <td>${seat.seat}</td><td><button type="button" class="nx-row-button" @click=${() => choose(seat.candidacy)}>${seat.name}</button></td>
      <td class="nx-look-${room.appearance(seat)}">${icon(ICONS[room.appearance(seat)])} ${seat.ending ?? appearanceLabel(room.appearance(seat))}</td><td class="nx-num">${seat.answered}/${seat.total}</td></tr>`)}</tbody>
  </table></div>`;
}
