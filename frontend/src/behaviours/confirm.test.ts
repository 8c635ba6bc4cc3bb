import { beforeEach, describe, expect, it } from "vitest";
import { Confirm } from "./confirm";

const PAGE = `<form id="f" method="post" data-nx-confirm="Sign?" data-nx-confirm-ok="Sign"><button>Go</button></form>
<form id="g" method="post"><button>Go</button></form>
<dialog id="nx-confirm"><form method="dialog"><h2></h2><p></p><button value="cancel"></button><button value="ok" data-default="Yes"></button></form></dialog>`;

let page: Document; // one for each test: on a shared one, the Confirm of an earlier test would ask as well

function send(id: string): boolean {
  const event = new SubmitEvent("submit", { bubbles: true, cancelable: true });
  return page.querySelector(`#${id}`)!.dispatchEvent(event);
}

describe("asking before an act", () => {
  beforeEach(() => {
    page = document.implementation.createHTMLDocument();
    page.body.innerHTML = PAGE;
  });

  it("holds a form back, shows its question, and lets it through once it is granted", () => {
    new Confirm(page).listen();
    const form = page.querySelector<HTMLFormElement>("#f")!;
    const dialog = page.querySelector<HTMLDialogElement>("#nx-confirm")!;
    let sent = 0;
    form.requestSubmit = () => void (sent += Number(send("f")));
    expect(send("f")).toBe(false);
    expect([dialog.querySelector("h2")?.textContent, dialog.querySelector("[value=ok]")?.textContent]).toEqual(["Sign?", "Sign"]);
    dialog.close("ok");
    expect(sent).toBe(1);
    expect(send("f")).toBe(false); // the next time it asks again
  });

  it("sends the form of a page without the dialog too, after the event in which a browser ignores it", async () => {
    page.querySelector("#nx-confirm")!.remove();
    globalThis.confirm = () => true;
    new Confirm(page).listen();
    const form = page.querySelector<HTMLFormElement>("#f")!;
    let [busy, sent] = [true, 0];
    form.requestSubmit = () => void (sent += Number(!busy && send("f")));
    send("f");
    busy = false; // the event is over
    await new Promise((done) => setTimeout(done, 5));
    expect(sent).toBe(1);
  });

  it("lets a form go that asks nothing", () => {
    new Confirm(page).listen();
    expect(send("g")).toBe(true);
  });
});
