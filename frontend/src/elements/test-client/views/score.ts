/** The score, at once and big; then the five rating questions, one tap away. */
import { html, type TemplateResult } from "lit";
import { t } from "../../../locale";
import { icon } from "../../shared/icon";
import type { Attempt, Result } from "../protocol";

export function scoreView(result: Result, attempt: Attempt | null, data: DOMStringMap): TemplateResult {
  return html`<section class="nx-score ${result.passed ? "nx-tone-good" : "nx-tone-warn"}">
    <p class="nx-muted">${data["title"] ?? ""}${attempt?.trainee ? ` · ${attempt.trainee.name}` : ""}</p>
    <h1><span class="nx-score-label">${t("Your score")}</span><output class="nx-score-figure">${result.score}</output></h1>
    <p class="nx-score-words">${icon(result.passed ? "circle-check" : "info-circle")} ${result.passed ? t("Passed") : t("Not passed this time")}</p>
    ${result.full_mark ? html`<p>${t("Full mark %(full)s, pass mark %(pass)s", { full: result.full_mark, pass: result.pass_mark ?? "" })}</p>` : ""}
    ${result.provisional ? html`<p class="nx-muted">${t("Provisional until the institution has confirmed the results.")}</p>` : ""}
    ${result.passed ? "" : html`<p>${t("Your institution will tell you when you may sit it again.")}</p>`}
    <div class="nx-score-next">
      ${result.rating_url ? html`<p>${t("How was your training? Five questions, about 20 seconds; your answers count for the institution's stars.")}</p>
        <a class="btn btn-primary btn-lg" href=${result.rating_url}>${icon("star")}${t("Rate the training")}</a>` : ""}
      <a class="btn btn-lg" href=${data["home"] ?? ""}>${t("To my training")}</a>
    </div>
  </section>`;
}
