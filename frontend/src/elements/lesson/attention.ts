/** Whether somebody is learning: the page is on the screen, and the film runs or somebody reads. */

/** Who touches nothing for so many seconds is taken not to be reading. */
export const AWAY_AFTER = 120;

export interface Attention {
  visible: boolean;
  /** Whether the film runs; null: the lesson is read. */
  playing: boolean | null;
  /** Seconds since somebody last scrolled, typed, touched or moved. */
  still: number;
}

export function isLearning(attention: Attention): boolean {
  return attention.visible && (attention.playing ?? attention.still <= AWAY_AFTER);
}
