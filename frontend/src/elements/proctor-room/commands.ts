/** Commands: what a proctor may command, what each command asks for first, and the one call that sends it. */
import { t } from "../../locale";
import type { Seat } from "./protocol";

export interface Verb {
  label: string;
  icon: string;
  /** Asked in a dialog before the command is sent; none: it is sent at once. */
  asks: ("document" | "minutes" | "why")[];
  danger?: boolean;
}

/** The verbs of tenants.proctoring.states.Verb. */
export function verbs(): Record<string, Verb> {
  return {
    "check-in": { label: t("Check in"), icon: "door-enter", asks: ["document"] },
    undo: { label: t("Undo the check-in"), icon: "arrow-left", asks: ["why"], danger: true },
    hold: { label: t("Hold"), icon: "player-pause", asks: ["why"] },
    resume: { label: t("Let go on"), icon: "player-play", asks: [] },
    time: { label: t("Add time"), icon: "clock", asks: ["minutes", "why"] },
    end: { label: t("End"), icon: "player-stop", asks: ["why"], danger: true },
    annul: { label: t("Annul"), icon: "circle-x", asks: ["why"], danger: true },
  };
}

/** What a command is called at a seat: who lets it go on takes back an end or an annulment that was ordered. */
export function verbLabel(verb: string, seat: Seat | undefined): string {
  return verb === "resume" && seat?.ending ? t("Take it back") : (verbs()[verb]?.label ?? verb);
}

/** Keys of commands whose answer never came: sent again, such a command bears the key it had, and is done once. */
const unanswered = new Map<string, string>();

/** Send a command; resolves to nothing, or to the sentence with which it was refused. */
export async function command(url: string, csrf: string, body: Record<string, string>): Promise<string> {
  const sent = JSON.stringify(body);
  const key = unanswered.get(sent) ?? crypto.randomUUID();
  unanswered.set(sent, key);
  try {
    const answer = await fetch(url, {
      method: "POST",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": csrf, "Idempotency-Key": key },
      body: sent,
    });
    unanswered.delete(sent);
    if (answer.ok) return "";
    const problem = (await answer.json().catch(() => ({}))) as { detail?: string };
    return problem.detail ?? t("The order was refused.");
  } catch {
    return t("No connection: it is not known whether the order arrived. Give it again, it is done once.");
  }
}
