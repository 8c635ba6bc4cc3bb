/** The answer sheet: the paper as a row of steps (a question, or one part of a case), what is answered, what is marked. */
import type { Option, Question } from "./protocol";

export interface Step {
  /** "12", or "71.a" for a part: the key of the answer in the protocol. */
  key: string;
  label: string;
  question: Question;
  kind: "single" | "multiple" | "judgement";
  stem: string;
  options: Option[];
}

/** Return the steps of a paper in order. */
export function stepsOf(paper: readonly Question[]): Step[] {
  return paper.flatMap((question) => {
    const no = String(question.no);
    if (question.kind !== "case")
      return [{ key: no, label: no, question, kind: question.kind, stem: question.stem, options: question.options ?? [] }];
    return (question.parts ?? []).map((part) => ({
      key: `${no}.${part.code}`, label: `${no}${part.code}`, question, kind: part.kind, stem: part.stem, options: part.options,
    }));
  });
}

/** Return the choice after one option was pressed: it replaces, or in a multiple question joins or leaves, in the options' order. */
export function press(step: Pick<Step, "kind" | "options">, choice: string, key: string): string {
  if (step.kind !== "multiple") return key;
  const held = new Set(choice);
  if (!held.delete(key)) held.add(key);
  return step.options.map((option) => option.key).filter((k) => held.has(k)).join("");
}

export class Sheet {
  readonly steps: readonly Step[];
  readonly #answers: Map<string, string>;
  readonly #marks: Set<string>;
  #at = 0;

  constructor(paper: readonly Question[], answers: Record<string, string> = {}, marks: Iterable<string> = []) {
    this.steps = stepsOf(paper);
    this.#answers = new Map(Object.entries(answers));
    this.#marks = new Set(marks);
    this.#at = Math.max(0, this.steps.findIndex((step) => !this.choice(step.key)));
  }

  get current(): Step | undefined {
    return this.steps[this.#at];
  }

  get marks(): string[] {
    return [...this.#marks];
  }

  get blanks(): Step[] {
    return this.steps.filter((step) => !this.choice(step.key));
  }

  choice(key: string): string {
    return this.#answers.get(key) ?? "";
  }

  isMarked(key: string): boolean {
    return this.#marks.has(key);
  }

  /** Answer a step by pressing one of its options; return the whole choice as the protocol has it. */
  choose(key: string, option: string): string {
    const step = this.steps.find((s) => s.key === key);
    const choice = step ? press(step, this.choice(key), option) : "";
    this.#answers.set(key, choice);
    return choice;
  }

  toggleMark(key: string): void {
    if (!this.#marks.delete(key)) this.#marks.add(key);
  }

  go(key: string): void {
    const found = this.steps.findIndex((step) => step.key === key);
    if (found >= 0) this.#at = found;
  }

  /** Move by one; at either end stay. */
  move(by: 1 | -1): void {
    this.#at = Math.min(this.steps.length - 1, Math.max(0, this.#at + by));
  }
}
