/** The dialog before handing in: what is blank first, then what is marked, then the way back and the way on. */
import { html, type TemplateResult } from "lit";
import { t } from "../../../locale";
import type { Sheet, Step } from "../sheet";

export function handInView(sheet: Sheet, go: (key: string) => void, finish: () => void): TemplateResult {
  const blanks = sheet.blanks;
  const marked = sheet.steps.filter((step) => sheet.isMarked(step.key));
  const close = (event: Event) => (event.target as Element).closest("dialog")?.close();
  const jump = (step: Step) => html`<li><button class="nx-cell" type="button" @click=${(event: Event) => {
    close(event);
    go(step.key);
  }}>${step.label}</button></li>`;
  return html`<dialog class="nx-dialog nx-hand-in" aria-labelledby="nx-hand-in-title">
    <h2 id="nx-hand-in-title">${t("Hand in your test?")}</h2>
    ${blanks.length ? html`<p class="nx-hand-in-blank">${t("Still blank (%(n)s):", { n: blanks.length })}</p><ul class="nx-cells">${blanks.map(jump)}</ul>`
      : html`<p>${t("All questions are answered.")}</p>`}
    ${marked.length ? html`<p>${t("Marked by you (%(n)s):", { n: marked.length })}</p><ul class="nx-cells">${marked.map(jump)}</ul>` : ""}
    <p>${t("After handing in nothing can be changed; your score shows at once.")}</p>
    <div class="nx-dialog-actions">
      <button class="btn btn-lg" type="button" autofocus @click=${close}>${t("Go on writing")}</button>
      <button class="btn btn-lg btn-primary" type="button" @click=${(event: Event) => {
        close(event);
        finish();
      }}>${t("Hand in")}</button>
    </div>
  </dialog>`;
}
