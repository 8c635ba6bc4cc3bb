/** Handing in: first everything that waits, then the word that it is done; patient while the line is away. */
import type { Calls } from "./calls";
import type { Journal } from "./journal";
import type { Sender } from "./sender";
import { type Attempt, type Result, RequestError } from "./protocol";

const PAUSE = 2_000;

const rest = (pause: number) => new Promise((resolve) => setTimeout(resolve, pause));

/** Return the result once the server has taken all; `open` says whether answers may still be sent. Refuses as the server does. */
export async function handIn(
  calls: Pick<Calls, "finish" | "attempt">, journal: Journal, sender: Pick<Sender, "flush">, open: () => boolean, pause = PAUSE,
): Promise<Result> {
  for (let mended = false; ; ) {
    await sender.flush();
    if (!journal.waiting || !open()) {
      try {
        return await calls.finish(journal.epoch, journal.lastSeq);
      } catch (fault) {
        if (!(fault instanceof RequestError)) throw fault;
        if (fault.code === "answers-missing" && !mended) {
          const attempt = await calls.attempt(); // what this machine has lost is lost: the server's number counts
          await journal.resume(attempt.epoch, attempt.last_seq, attempt.answers);
          mended = true;
          continue;
        }
        if (!fault.temporary) throw fault;
      }
    }
    await rest(pause);
  }
}

/** Return the attempt once its result is there: the server has closed it, and scores it in a moment. */
export async function awaitResult(calls: Pick<Calls, "attempt">, pause = PAUSE): Promise<Attempt> {
  for (let tries = 1; ; tries += 1) {
    try {
      const attempt = await calls.attempt();
      if (attempt.result) return attempt;
    } catch (fault) {
      if (!(fault instanceof RequestError) || !fault.temporary) throw fault;
    }
    await rest(pause * Math.min(tries, 15)); // an annulled attempt never has one
  }
}
