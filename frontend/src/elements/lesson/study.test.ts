import { describe, expect, it } from "vitest";
import { Meter } from "./meter";
import { Study } from "./study";
import { type Beat, type Beaten, Refused, type Session } from "./wire";

const SESSION: Session = { session: "s", nonce: "n0", every: 15, heartbeats: "/h/", ending: "/e/", lesson: { seconds: 600, credited: 0 } };

class Server {
  got: Beat[] = [];
  ended = 0;
  answers: (Beaten | Refused)[] = [];

  begin(): Promise<Session> {
    return Promise.resolve({ ...SESSION });
  }

  beat(_session: Session, beat: Beat): Promise<Beaten> {
    this.got.push(beat);
    const answer = this.answers.shift() ?? beaten(beat.seconds, `n${this.got.length}`);
    return answer instanceof Refused ? Promise.reject(answer) : Promise.resolve(answer);
  }

  end(): void {
    this.ended += 1;
  }
}

function beaten(credited: number, nonce: string, stop = "", words = ""): Beaten {
  return { nonce, credited, stop, words, lesson: { seconds: 600, credited }, hours: { credited: 0, required: 40, complete: false } };
}

function desk(): { server: Server; study: Study; learn: (seconds: number) => void } {
  let now = 0;
  const meter = new Meter(() => now);
  const server = new Server();
  const learn = (seconds: number): void => {
    meter.run(true);
    now += seconds * 1000;
    meter.run(false);
  };
  return { server, study: new Study(server, meter), learn };
}

describe("a study session", () => {
  it("reports whole seconds in a chain of nonces and keeps what is left of a second", async () => {
    const { server, study, learn } = desk();
    expect(await study.begin("/s/")).toBe(15);
    learn(15.6);
    await study.beat(15);
    learn(15.6);
    await study.beat();
    expect(server.got).toEqual([{ nonce: "n0", seconds: 15, position: 15 }, { nonce: "n1", seconds: 16 }]);
  });

  it("sends a heartbeat that was not answered again as it was, and later time with the next", async () => {
    const { server, study, learn } = desk();
    await study.begin("/s/");
    server.answers = [new Refused(0, "offline"), beaten(10, "n1")];
    learn(10);
    await study.beat();
    expect(study.state).toBe("waiting");
    learn(15);
    await study.beat();
    await study.beat();
    expect(server.got.map((b) => [b.nonce, b.seconds])).toEqual([["n0", 10], ["n0", 10], ["n1", 15]]);
    expect(study.state).toBe("counting");
  });

  it("stops with the server's words when learning goes on elsewhere", async () => {
    const { server, study, learn } = desk();
    await study.begin("/s/");
    server.answers = [new Refused(409, "You went on in another window.")];
    learn(15);
    await study.beat();
    expect([study.state, study.words]).toEqual(["ended", "You went on in another window."]);
    learn(15);
    await study.beat();
    study.leave();
    expect([server.got.length, server.ended]).toEqual([1, 0]);
  });

  it("says why less was credited, and ends when it is finished", async () => {
    const { server, study, learn } = desk();
    await study.begin("/s/");
    server.answers = [beaten(0, "n1", "day_full", "The day is full.")];
    learn(15);
    await study.beat();
    expect([study.state, study.words]).toEqual(["counting", "The day is full."]);
    study.finish();
    expect([study.state, server.ended]).toEqual(["ended", 1]);
  });

  it("reports nothing where nothing was learnt", async () => {
    const { server, study } = desk();
    await study.begin("/s/");
    await study.beat();
    study.leave();
    expect([server.got.length, server.ended]).toEqual([0, 1]);
  });
});
