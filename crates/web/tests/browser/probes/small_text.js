// Text that is smaller than the design says. Drawings have sizes of their own, and initials stand beside a name.
(() => {
  const LEAST = 14;
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    if (!text || element.closest("svg, .avatar, .visually-hidden, [hidden], .skip, dialog:not([open]), option, script")) continue;
    if (!element.checkVisibility({ visibilityProperty: true })) continue;
    const size = parseFloat(getComputedStyle(element).fontSize);
    if (size > LEAST - 0.05) continue;
    found.push(`${size} px: ${element.tagName.toLowerCase()}.${element.className} "${text.slice(0, 30)}"`);
  }
  return [...new Set(found)].slice(0, 8);
})()
