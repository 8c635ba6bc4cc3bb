/** Labels that several views share. */
import { t } from "../../../locale";
import type { Badge } from "../sender";
import type { Step } from "../sheet";

export function minutesLeft(minutes: number): string {
  return minutes === 1 ? t("1 minute left") : t("%(n)s minutes left", { n: minutes });
}

/** Return what the save badge says: 已保存 14:03:21 / 待上传 2 / 离线，答案已存本机. */
export function badgeLabel(badge: Badge): string {
  switch (badge.kind) {
    case "saved":
      return t("Saved %(time)s", { time: badge.at.toLocaleTimeString("zh-CN", { hour12: false, timeZone: "Asia/Shanghai" }) });
    case "pending":
      return t("Waiting to upload: %(n)s", { n: badge.count });
    case "offline":
      return t("Offline, answers are kept on this machine");
    case "idle":
      return t("Every answer is saved at once");
  }
}

export const KINDS = {
  single: () => t("Single choice"),
  multiple: () => t("Multiple choice"),
  judgement: () => t("True or false"),
  case: () => t("Case"),
} as const;

/** Return a step as a screen reader should say it. */
export function stepLabel(step: Step, answered: boolean, marked: boolean): string {
  const parts = [t("Question %(n)s", { n: step.label }), answered ? t("answered") : t("blank")];
  if (marked) parts.push(t("marked"));
  return parts.join(t(", "));
}
