/**
 * Of Tabler's 640 kB only the families our pages, crispy and django-tables2 use: grid, spacing, text, forms, buttons, tables.
 * A class outside of them is not in the built style sheet; add its family here, or better write a component.
 */
import type { AcceptedPlugin } from "postcss";

const SIZE = "(-(sm|md|lg))?";
const FAMILIES = [
  `container(-fluid)?`, `row(-cols${SIZE}-\\d+)?`, `col${SIZE}(-(auto|\\d+))?`, `col-form-label.*`, `offset${SIZE}-\\d+`, `order${SIZE}-(first|last|\\d)`, `g[xy]?${SIZE}-\\d`,
  `[mp][tbsexy]?${SIZE}-(auto|n?\\d)`, `(row-|column-)?gap${SIZE}-\\d`, `(v|h)stack`,
  `d${SIZE}-(none|block|flex|grid|inline|inline-block|inline-flex|table)`, `d-print-(none|block)`, `flex${SIZE}-.*`, `(justify-content|align-items|align-self|align-content)${SIZE}-.*`, `float${SIZE}-(start|end|none)`,
  `text${SIZE}-(start|end|center)`, `text-(muted|secondary|body|primary|success|warning|danger|nowrap|wrap|break|truncate|reset|decoration-none|uppercase)`, `f[sw]-\\w+`, `lh-.*`, `small`, `lead`, `mark`, `font-monospace`,
  `[wh]-(auto|\\d+)`, `(min|max)-[vwh]+-\\d+`, `(overflow|position|top|bottom|start|end|sticky|z|align|opacity|user-select|pe|cursor)-[\\w-]+`, `border(-(0|top|bottom|start|end))?(-0)?`, `rounded(-\\d)?`, `shadow(-none|-sm)?`, `bg-(body|transparent|white)`,
  `form-.*`, `input-group.*`, `input-icon.*`, `(in)?valid-(feedback|tooltip)`, `is-(in)?valid`, `was-validated`, `has-validation`, `required`,
  `btn(-(primary|secondary|danger|success|warning|outline-primary|outline-secondary|outline-danger|link|sm|lg|icon|group|list|close|check|action))?`, `show`, `active`, `disabled`, `collapsed?`,
  `table(-(sm|striped|hover|bordered|borderless|responsive|vcenter|group-divider|nowrap|active|primary|success|warning|danger))?`, `card(-(body|header|title|footer|table|text|actions))?`, `list-(unstyled|inline|inline-item|group.*)`,
  `alert(-(danger|warning|success|info|link|heading|dismissible))?`, `badge`, `breadcrumb.*`, `pagination.*`, `page-(item|link)`, `progress(-bar)?`, `spinner-border(-sm)?`, `img-fluid`, `visually-hidden(-focusable)?`, `icon`, `hr-text`, `vr`, `theme-.*`,
];
const KEPT = new RegExp(`^(${FAMILIES.join("|")})$`);

function isKept(selector: string): boolean {
  return [...selector.matchAll(/\.(-?[a-z_][\w-]*)/gi)].every((match) => KEPT.test(match[1] ?? ""));
}

export function tablerSubset(): AcceptedPlugin {
  return {
    postcssPlugin: "tabler-subset",
    OnceExit(root) {
      root.walkRules((rule) => {
        if (!rule.source?.input.file?.includes("@tabler")) return;
        if (rule.parent?.type === "atrule" && /keyframes$/.test((rule.parent as { name?: string }).name ?? "")) return;
        const selectors = rule.selectors.filter(isKept);
        if (selectors.length === 0) rule.remove();
        else if (selectors.length < rule.selectors.length) rule.selectors = selectors;
      });
      root.walkAtRules((at) => {
        if (at.nodes?.length === 0 && at.name !== "layer") at.remove();
      });
    },
  };
}
