import { expect, it } from "vitest";
import { AWAY_AFTER, isLearning } from "./attention";

it.each([
  ["a film that runs on the screen", { visible: true, playing: true, still: 999 }, true],
  ["a film that stands", { visible: true, playing: false, still: 0 }, false],
  ["a film in a hidden window", { visible: false, playing: true, still: 0 }, false],
  ["somebody who reads", { visible: true, playing: null, still: AWAY_AFTER }, true],
  ["somebody who has left", { visible: true, playing: null, still: AWAY_AFTER + 1 }, false],
])("%s", (_, attention, learning) => {
  expect(isLearning(attention)).toBe(learning);
});
