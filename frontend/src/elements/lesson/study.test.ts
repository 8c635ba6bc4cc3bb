import { describe, expect, it } from "vitest";
import { Meter } from "./meter";
import { Study } from "./study";
import { type Heartbeat, type HeartbeatResult, RequestError, type Session } from "./protocol";

const SESSION: Session = { session: "s", nonce: "n0", every: 15, heartbeats: "/h/", ending: "/e/", lesson: { seconds: 600, credited: 0 } };

class Server {
  received: Heartbeat[] = [];
  ended = 0;
  answers: (HeartbeatResult | RequestError)[] = [];

  begin(): Promise<Session> {
    return Promise.resolve({ ...SESSION });
  }

  heartbeat(_session: Session, heartbeat: Heartbeat): Promise<HeartbeatResult> {
    this.received.push(heartbeat);
    const answer = this.answers.shift() ?? result(heartbeat.seconds, `n${this.received.length}`);
    return answer instanceof RequestError ? Promise.reject(answer) : Promise.resolve(answer);
  }

  end(): void {
    this.ended += 1;
  }
}

function result(credited: number, nonce: string, stop = "", words = ""): HeartbeatResult {
  return { nonce, credited, stop, words, lesson: { seconds: 600, credited }, hours: { credited: 0, required: 40, complete: false } };
}

function setUp(): { server: Server; study: Study; learn: (seconds: number) => void } {
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
    const { server, study, learn } = setUp();
    expect(await study.begin("/s/")).toBe(15);
    learn(15.6);
    await study.heartbeat(15);
    learn(15.6);
    await study.heartbeat();
    expect(server.received).toEqual([{ nonce: "n0", seconds: 15, position: 15 }, { nonce: "n1", seconds: 16 }]);
  });

  it("sends a heartbeat that was not answered again with what was learnt while the line was away", async () => {
    const { server, study, learn } = setUp();
    await study.begin("/s/");
    server.answers = [new RequestError(0, "offline"), result(35, "n1")];
    learn(15);
    await study.heartbeat();
    expect(study.state).toBe("waiting");
    learn(20);
    await study.heartbeat();
    learn(15);
    await study.heartbeat();
    expect(server.received.map((b) => [b.nonce, b.seconds])).toEqual([["n0", 15], ["n0", 35], ["n1", 15]]);
    expect([study.state, study.words]).toEqual(["counting", ""]);
  });

  it("reports with the next heartbeat what was learnt after one whose answer alone was lost", async () => {
    const { server, study, learn } = setUp();
    await study.begin("/s/");
    server.answers = [new RequestError(0, "offline"), result(15, "n1")];
    learn(15);
    await study.heartbeat();
    learn(20);
    await study.heartbeat();
    await study.heartbeat();
    expect(server.received.map((b) => [b.nonce, b.seconds])).toEqual([["n0", 15], ["n0", 35], ["n1", 20]]);
    expect([study.state, study.words]).toEqual(["counting", ""]);
  });

  it("stops with the server's words when learning goes on elsewhere", async () => {
    const { server, study, learn } = setUp();
    await study.begin("/s/");
    server.answers = [new RequestError(409, "You went on in another window.")];
    learn(15);
    await study.heartbeat();
    expect([study.state, study.words]).toEqual(["ended", "You went on in another window."]);
    learn(15);
    await study.heartbeat();
    study.leave();
    expect([server.received.length, server.ended]).toEqual([1, 0]);
  });

  it("says why less was credited, and ends when it is finished", async () => {
    const { server, study, learn } = setUp();
    await study.begin("/s/");
    server.answers = [result(0, "n1", "day_full", "The day is full.")];
    learn(15);
    await study.heartbeat();
    expect([study.state, study.words]).toEqual(["counting", "The day is full."]);
    study.finish();
    expect([study.state, server.ended]).toEqual(["ended", 1]);
  });

  it("reports nothing where nothing was learnt", async () => {
    const { server, study } = setUp();
    await study.begin("/s/");
    await study.heartbeat();
    study.leave();
    expect([server.received.length, server.ended]).toEqual([0, 1]);
  });
});
