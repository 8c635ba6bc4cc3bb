/** The answer sheet at the side (a panel to open on a phone): numbers, and what they mean in words. */
import { html, type TemplateResult } from "lit";
import { t } from "../../../locale";
import { icon } from "../../shared/icon";
import type { Sheet, Step } from "../sheet";
import { stepLabel } from "./labels";

export function sheetView(sheet: Sheet, go: (key: string) => void): TemplateResult {
  const plain = sheet.steps.filter((step) => step.question.kind !== "case");
  const cases = [...new Set(sheet.steps.filter((step) => step.question.kind === "case").map((step) => step.question))];
  const done = sheet.steps.length - sheet.blanks.length;
  const cell = (step: Step) => cellView(step, sheet, go);
  return html`
    <button class="btn nx-sheet-open" type="button" popovertarget="nx-sheet">${icon("list-check")}${t("Answer sheet")} ${done} / ${sheet.steps.length}</button>
    <aside class="nx-sheet-panel" id="nx-sheet" popover aria-label=${t("Answer sheet")}>
      <h2>${t("Answer sheet")}</h2>
      <p class="nx-sheet-count"><strong>${done}</strong> / ${sheet.steps.length} ${t("answered")}</p>
      <progress class="nx-bar" max=${sheet.steps.length} value=${done} aria-hidden="true"></progress>
      <div class="nx-cells">${plain.map(cell)}</div>
      ${cases.map((question) => html`<div class="nx-cells-case"><span>${t("Case %(n)s", { n: question.no })}</span>
        <div class="nx-cells">${sheet.steps.filter((step) => step.question === question).map(cell)}</div></div>`)}
      <ul class="nx-cells-legend"><li><span class="nx-cell nx-cell-done"></span>${t("answered")}</li><li><span class="nx-cell nx-cell-marked"></span>${t("marked")}</li><li><span class="nx-cell"></span>${t("blank")}</li></ul>
    </aside>`;
}

function cellView(step: Step, sheet: Sheet, go: (key: string) => void): TemplateResult {
  const answered = sheet.choice(step.key) !== "";
  const marked = sheet.isMarked(step.key);
  const current = step === sheet.current;
  const classes = `nx-cell ${answered ? "nx-cell-done" : ""} ${marked ? "nx-cell-marked" : ""}`;
  return html`<button class=${classes} type="button" aria-label=${stepLabel(step, answered, marked)} aria-current=${current ? "step" : "false"}
    @click=${() => go(step.key)}>${step.question.kind === "case" ? step.label.replace(/^\d+/, "") : step.label}</button>`;
}
