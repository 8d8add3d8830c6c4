// Own script, native modules, no build step. Everything here is an addition: each control is a link, a button or a
// form that also works without it.
import "./theme.js";
import "./popovers.js";
import "./find.js";
import "./keys.js";
import "./chart.js";
import "./map.js";
import "./entry.js";
// A page that comes again by itself leaves open what the reader opened, and what scripts made reachable.
globalThis.htmx?.config.morphIgnore.push("open", "tabindex");
if (document.querySelector("[data-clock]")) import("./clock.js");
