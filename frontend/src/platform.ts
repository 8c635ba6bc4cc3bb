/** Ordinary pages: the style sheet, htmx, and the few behaviours that templates ask for by attribute. */
import "./platform.css";
import htmx from "htmx.org";
import { AutoSubmit } from "./behaviours/auto-submit";
import { Confirm } from "./behaviours/confirm";
import { Copy } from "./behaviours/copy";
import { Focus } from "./behaviours/focus";
import { Menus } from "./behaviours/menus";
import { Passkey } from "./behaviours/passkey";
import { Preferences } from "./behaviours/preferences";
import { Print } from "./behaviours/print";
import { SubmitOnce } from "./behaviours/submit-once";
import { Tables } from "./behaviours/tables";

htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;

new Preferences(document).listen();
new Confirm(document).listen();
new AutoSubmit(document).listen();
new SubmitOnce(document).listen();
new Menus(document).listen();
new Passkey(document).listen();
new Focus(document).listen();
new Copy(document).listen();
new Print(document).listen();
new Tables(document).listen();
