// The stops of the Tab key that can be seen, in the order of the document, kept for `probes/stop.js`.
(() => {
  const all = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
  globalThis.stops = [...document.querySelectorAll(all)].filter((element) =>
    element.tabIndex >= 0 && !element.disabled && element.checkVisibility({ visibilityProperty: true }) && !element.closest("dialog:not([open])"));
  return stops.map((element) => element.outerHTML.slice(0, 120));
})()
