/** Handing in: first everything that waits, then the word that it is done; patient while the line is away. */
import type { Calls } from "./calls";
import type { Journal } from "./journal";
import type { Sender } from "./sender";
import { type Result, WireError } from "./wire";

const PAUSE = 2_000;

/** Return the result once the server has taken all; `open` says whether answers may still be sent. Refuses as the server does. */
export async function handIn(
  calls: Pick<Calls, "finish">, journal: Journal, sender: Pick<Sender, "flush">, open: () => boolean, pause = PAUSE,
): Promise<Result> {
  for (;;) {
    await sender.flush();
    if (!journal.waiting || !open()) {
      try {
        return await calls.finish(journal.epoch, journal.lastSeq);
      } catch (fault) {
        if (!(fault instanceof WireError) || !fault.temporary) throw fault;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
