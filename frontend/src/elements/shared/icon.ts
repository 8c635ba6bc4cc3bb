/** One icon of the sprite; its address is written into the page by Django (a meta tag), as STATIC_URL may be anything. */
import { html, type TemplateResult } from "lit";

const sprite = document.querySelector<HTMLMetaElement>('meta[name="nx-icons"]')?.content ?? "/static/icons.svg";

export function icon(name: string): TemplateResult {
  return html`<svg class="nx-icon" width="20" height="20" aria-hidden="true" focusable="false"><use href="${sprite}#${name}"></use></svg>`;
}
