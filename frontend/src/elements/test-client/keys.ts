/** The keyboard in a test: 1–9 or a letter choose, ←/→ move, M marks. ↑/↓ stay the browser's own. */
import type { Option } from "./protocol";

export type KeyAction = { do: "choose"; key: string } | { do: "move"; by: 1 | -1 } | { do: "mark" };

export interface Stroke {
  key: string;
  ctrlKey?: boolean;
  altKey?: boolean;
  metaKey?: boolean;
}

/** Return the act for a key stroke with these options on the screen; null where it is none of ours. */
export function keyAction(stroke: Stroke, options: readonly Option[]): KeyAction | null {
  if (stroke.ctrlKey || stroke.altKey || stroke.metaKey) return null;
  const key = stroke.key.length === 1 ? stroke.key.toUpperCase() : stroke.key;
  if (key === "ArrowRight") return { do: "move", by: 1 };
  if (key === "ArrowLeft") return { do: "move", by: -1 };
  const chosen = /^[1-9]$/.test(key) ? options[Number(key) - 1] : options.find((option) => option.key.toUpperCase() === key);
  if (chosen) return { do: "choose", key: chosen.key };
  return key === "M" ? { do: "mark" } : null;
}
