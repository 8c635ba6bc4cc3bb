/** The question on the screen: stem, options as real radios or checkboxes, move and mark. */
import { html, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { t } from "../../../locale";
import { icon } from "../../shared/icon";
import type { Sheet, Step } from "../sheet";
import { KINDS } from "./labels";

export interface QuestionActions {
  choose(key: string, option: string): void;
  mark(key: string): void;
  go(key: string): void;
  move(by: 1 | -1): void;
}

export function questionView(sheet: Sheet, actions: QuestionActions): TemplateResult {
  const step = sheet.current;
  if (!step) return html``;
  const together = step.question.kind === "case" ? sheet.steps.filter((s) => s.question === step.question) : [step];
  const marked = sheet.isMarked(step.key);
  return html`
    ${step.question.kind === "case" ? html`<section class="nx-case"><h2>${t("Case %(n)s", { n: step.question.no })}</h2><p>${step.question.stem}</p></section>` : ""}
    ${repeat(together, (s) => s.key, (s) => stepView(s, sheet, s === step, actions))}
    <div class="nx-test-moves">
      <button class="btn btn-lg" type="button" @click=${() => actions.move(-1)} ?disabled=${step === sheet.steps[0]}>${icon("chevron-left")}${t("Previous question")}</button>
      <button class="btn btn-lg" type="button" aria-pressed=${marked ? "true" : "false"} @click=${() => actions.mark(step.key)}>${icon("flag")}${marked ? t("Marked") : t("Mark")}</button>
      <button class="btn btn-lg btn-primary" type="button" @click=${() => actions.move(1)} ?disabled=${step === sheet.steps.at(-1)}>${t("Next question")}${icon("chevron-right")}</button>
    </div>
    <p class="nx-test-keys nx-muted">${icon("keyboard")} ${t("Keys: 1–9 or A–E choose, ← → move, M marks")}</p>`;
}

function stepView(step: Step, sheet: Sheet, current: boolean, actions: QuestionActions): TemplateResult {
  const choice = sheet.choice(step.key);
  const type = step.kind === "multiple" ? "checkbox" : "radio";
  return html`<fieldset class="nx-step ${current ? "nx-step-current" : ""}" @focusin=${() => current || actions.go(step.key)}>
    <legend><span class="nx-step-no">${step.label}</span> <span class="nx-step-kind">${KINDS[step.kind]()}</span> <span class="nx-step-stem">${step.stem}</span></legend>
    ${step.kind === "multiple" ? html`<p class="nx-muted">${t("Choose all that are right.")}</p>` : ""}
    ${repeat(step.options, (option) => `${step.key}-${option.key}`, (option) => html`<label class="nx-option">
      <input type=${type} name="q-${step.key}" .checked=${choice.includes(option.key)} @change=${() => actions.choose(step.key, option.key)}>
      <kbd>${option.key}</kbd><span>${option.text}</span></label>`)}
  </fieldset>`;
}
