/** The icon and label of a seat's appearance: shape and word, never colour alone. */
import { t } from "../../../locale";
import type { Appearance } from "../room";

export const ICONS: Record<Appearance, string> = {
  empty: "dots", expected: "user", present: "id-badge-2", writing: "pencil", silent: "wifi-off",
  wants: "hand-stop", held: "player-pause", finished: "check", out: "x",
};

export function appearanceLabel(appearance: Appearance): string {
  switch (appearance) {
    case "empty": return t("Empty");
    case "expected": return t("Not here yet");
    case "present": return t("Checked in");
    case "writing": return t("Writing");
    case "silent": return t("Silent");
    case "wants": return t("Needs you");
    case "held": return t("On hold");
    case "finished": return t("Finished");
    case "out": return t("Out");
  }
}

/** How old a sign of life is, in five steps, for the ring. */
export function ring(age: number | null): number {
  return age === null ? 4 : age <= 7 ? 0 : age <= 12 ? 1 : age <= 20 ? 2 : age <= 60 ? 3 : 4;
}

export function ageLabel(age: number | null): string {
  if (age === null) return t("no sign of life yet");
  return age < 90 ? t("%(n)s s ago", { n: age }) : t("%(n)s min ago", { n: Math.round(age / 60) });
}
