/** The questions somebody marked to come back to: this machine's business alone, so it stays here. */
export class Marks {
  readonly #key: string;

  constructor(attempt: string) {
    this.#key = `nx-marks-${attempt}`;
  }

  all(): string[] {
    try {
      return JSON.parse(localStorage.getItem(this.#key) ?? "[]") as string[];
    } catch {
      return [];
    }
  }

  keep(marks: string[]): void {
    try {
      localStorage.setItem(this.#key, JSON.stringify(marks));
    } catch {
      // no room, or storage is closed to us: marks are a comfort, not an answer
    }
  }
}
