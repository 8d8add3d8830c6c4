// The stops of the Tab key that can be seen, in the order of the document, kept for `probes/stop.js`. Of choices that go
// together the one that is chosen is a stop; arrow keys lead to the others.
(() => {
  const all = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]";
  const isBesideChosen = (element) =>
    element.type === "radio" && !element.checked && element.form?.querySelector(`input[type=radio][name="${element.name}"]:checked`);
  globalThis.stops = [...document.querySelectorAll(all)].filter((element) =>
    element.tabIndex >= 0 && !element.disabled && !isBesideChosen(element) && element.checkVisibility({ visibilityProperty: true }) && !element.closest("dialog:not([open])"));
  return stops.map((element) => element.outerHTML.slice(0, 120));
})()
