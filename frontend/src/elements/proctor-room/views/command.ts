/** The dialog that asks what a command needs: a reason, minutes, the document that was shown. */
import { html, type TemplateResult } from "lit";
import { t } from "../../../locale";
import { verbs } from "../commands";
import type { Seat } from "../protocol";

const DOCUMENTS = {
  resident_id: () => t("Resident identity card"),
  temporary_id: () => t("Temporary identity card"),
  passport: () => t("Passport"),
  travel_permit: () => t("Travel permit"),
  other: () => t("Other document with a photo"),
};

export function commandView(seat: Seat | undefined, verb: string, send: (fields: Record<string, string>) => void): TemplateResult {
  const asked = verbs()[verb]?.asks ?? [];
  const label = verbs()[verb]?.label ?? "";
  const submit = (event: SubmitEvent) => {
    const form = event.target as HTMLFormElement;
    if ((event.submitter as HTMLButtonElement | null)?.value !== "ok") return;
    send(Object.fromEntries([...new FormData(form).entries()].map(([name, value]) => [name, String(value)])));
    form.reset();
  };
  return html`<dialog class="nx-dialog nx-order" aria-labelledby="nx-order-title"><form method="dialog" @submit=${submit}>
    <h2 id="nx-order-title">${label} · ${t("Seat %(seat)s", { seat: seat?.seat ?? "" })} ${seat?.name ?? ""}</h2>
    ${asked.includes("document") ? html`<label>${t("Which document did you compare?")}<select name="document">${Object.entries(DOCUMENTS).map(([value, words]) => html`<option value=${value}>${words()}</option>`)}</select></label>` : ""}
    ${asked.includes("minutes") ? html`<label>${t("Minutes to add")}<input name="minutes" type="number" min="1" max="120" value="5" required></label>` : ""}
    ${asked.includes("why") ? html`<label>${t("Why?")}<input name="why" maxlength="200" required autocomplete="off"></label>` : ""}
    <div class="nx-dialog-actions"><button class="btn" value="cancel" formnovalidate>${t("Go back")}</button><button class="btn btn-primary" value="ok">${label}</button></div>
  </form></dialog>`;
}
