/** Ordinary pages: the style sheet, htmx, and the few behaviours that templates ask for by attribute. */
import "./platform.css";
import htmx from "htmx.org";
import { AutoSubmit } from "./behaviours/auto-submit";
import { Confirm } from "./behaviours/confirm";
import { Menus } from "./behaviours/menus";
import { Once } from "./behaviours/once";
import { Passkey } from "./behaviours/passkey";
import { Preferences } from "./behaviours/preferences";
import { Small } from "./behaviours/small";

htmx.config.includeIndicatorStyles = false;
htmx.config.allowEval = false;

new Preferences(document).listen();
new Confirm(document).listen();
new AutoSubmit(document).listen();
new Once(document).listen();
new Menus(document).listen();
new Passkey(document).listen();
new Small(document).listen();
