/**
 * The proctor's room: what needs a person on top, the seat map, the list beside it, the orders for the chosen seat.
 * @example <nx-proctor-room data-sitting="…" data-socket="/live/rooms/…/" data-poll="/staff/sittings/…/room.json"
 *   data-commands="/staff/sittings/…/commands/" data-csrf="…" data-title="…"></nx-proctor-room>
 */
import { html, LitElement, type TemplateResult } from "lit";
import { t } from "../../locale";
import { command, verbLabel, verbs } from "./commands";
import { type ConnectionState, RoomConnection } from "./room-connection";
import { neighbour } from "./seat-keys";
import { Room } from "./room";
import { listView } from "./views/list";
import { mapView } from "./views/map";
import { commandView } from "./views/command";
import { seatView } from "./views/seat";
import { topView } from "./views/top";

export class ProctorRoom extends LitElement {
  readonly #room = new Room();
  #connection: RoomConnection | null = null;
  #state: ConnectionState = "lost";
  #chosen = "";
  #verb = "";
  #words = "";
  #second: ReturnType<typeof setInterval> | undefined;

  override createRenderRoot(): this {
    return this; // light DOM: the page's style sheet and its Content Security Policy hold here too
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#room.title = this.dataset["title"] ?? "";
    this.#connection = new RoomConnection(this.dataset["socket"] ?? "", this.dataset["poll"] ?? "", {
      message: (message) => this.#show(() => this.#room.apply(message)),
      state: (state) => this.#show(() => (this.#state = state)),
      last: () => this.#room.n,
    });
    this.#connection.open();
    this.#second = setInterval(() => this.requestUpdate(), 1000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#second);
    this.#connection?.close();
  }

  override render(): TemplateResult {
    const seat = this.#room.find(this.#chosen);
    const choose = (candidacy: string) => this.#show(() => (this.#chosen = candidacy));
    return html`
      ${topView(this.#room, this.#state, choose)}
      <div class="nx-room">
        <div class="nx-room-map">${mapView(this.#room, this.#chosen, choose, (event) => this.#onKey(event))}</div>
        <div class="nx-room-side">
          ${seatView(this.#room, seat, this.#words, (verb) => this.#ask(verb))}
          ${listView(this.#room, this.#chosen, choose)}
        </div>
      </div>
      ${commandView(seat, this.#verb, (fields) => void this.#command(this.#verb, fields))}`;
  }

  #onKey(event: KeyboardEvent): void {
    const cells = [...this.querySelectorAll<HTMLButtonElement>(".nx-seat[data-candidacy]")];
    const at = cells.indexOf(event.target as HTMLButtonElement);
    const columns = cells.filter((cell) => cell.offsetTop === cells[0]?.offsetTop).length;
    const to = cells[neighbour(event.key, at, cells.length, columns)];
    if (!to || at < 0) return;
    event.preventDefault();
    this.#show(() => (this.#chosen = to.dataset["candidacy"] ?? ""));
    to.focus();
  }

  #ask(verb: string): void {
    this.#verb = verb;
    if (!verbs()[verb]?.asks.length) return void this.#command(verb, {});
    this.requestUpdate();
    void this.updateComplete.then(() => this.querySelector<HTMLDialogElement>("dialog.nx-order")?.showModal());
  }

  async #command(verb: string, fields: Record<string, string>): Promise<void> {
    const { commands = "", csrf = "" } = this.dataset;
    const label = verbLabel(verb, this.#room.find(this.#chosen));
    const refused = await command(commands, csrf, { candidacy: this.#chosen, verb, ...fields });
    this.#show(() => (this.#words = refused || t("Done: %(what)s", { what: label })));
    await this.#connection?.ask();
  }

  #show<T>(change: () => T): T {
    const value = change();
    this.requestUpdate();
    return value;
  }
}

customElements.define("nx-proctor-room", ProctorRoom);
