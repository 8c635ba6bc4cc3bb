/** Arrow keys on the seat map: a grid of `columns`, filled row by row. */
export function neighbour(key: string, at: number, count: number, columns: number): number {
  const step: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  const to = at + (step[key] ?? NaN);
  return to >= 0 && to < count ? to : -1;
}
