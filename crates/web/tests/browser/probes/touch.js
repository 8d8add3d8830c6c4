// Controls that a thumb does not hit: lower or narrower than 44 px. Links within sentences, and rows that are one, are none;
// a box with its label is as large as the label.
(() => {
  const LEAST = 44;
  const controls = "button, .btn, select, summary, textarea, input:not([type=hidden], [type=checkbox], [type=radio]), label:has(> input[type=checkbox]), label:has(> input[type=radio]), .segments a, a.chip, .picker a, .toggle";
  const found = [];
  for (const element of document.querySelectorAll(controls)) {
    if (element.closest(".visually-hidden, [hidden], .skip, dialog:not([open])")) continue;
    if (!element.checkVisibility({ visibilityProperty: true })) continue;
    const box = element.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;
    if (box.height > LEAST - 0.6 && box.width > LEAST - 0.6) continue;
    const name = `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""} "${element.textContent.trim().slice(0, 30)}"`;
    found.push(`${Math.round(box.width)} x ${Math.round(box.height)}: ${name}`);
  }
  return [...new Set(found)].slice(0, 12);
})()
