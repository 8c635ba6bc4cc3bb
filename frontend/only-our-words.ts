import { readdirSync, readFileSync } from "node:fs";
import type { Plugin } from "vite";

/** Keeps of the Chinese catalogue (which holds every template's text too) what TypeScript says: t("…"). */
export function onlyOurWords(): Plugin {
  return {
    name: "only-our-words",
    enforce: "pre",
    transform(code, id) {
      if (!id.endsWith("/locale/zh-Hans.json")) return null;
      const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
      const source = files.map((file) => readFileSync(`src/${file}`, "utf8")).join("\n");
      const said = new Set([...source.matchAll(/\bt\(\s*("(?:[^"\\]|\\.)*")/g)].map((match) => JSON.parse(match[1] ?? '""') as string));
      const kept = Object.entries(JSON.parse(code) as Record<string, string>).filter(([msgid]) => said.has(msgid));
      return { code: JSON.stringify(Object.fromEntries(kept)), map: null };
    },
  };
}
