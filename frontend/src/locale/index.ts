/** Texts in both languages: English in the source, Chinese from the catalogue that set-up writes out of the gettext parts. */
const files = import.meta.glob<Record<string, string>>("./zh-Hans.json", { eager: true, import: "default" });
const chinese: Record<string, string> = Object.values(files)[0] ?? {};

/** Return the text in the page's language, with %(name)s filled in; a missing translation shows English. */
export function t(msgid: string, params: Record<string, string | number> = {}): string {
  const text = document.documentElement.lang.startsWith("zh") ? (chinese[msgid] ?? msgid) : msgid;
  return text.replace(/%\((\w+)\)s/g, (whole, name: string) => String(params[name] ?? whole));
}
