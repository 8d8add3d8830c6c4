// What does not fit: the page itself where it scrolls sideways, and each text that is cut off or runs out of the window.
// What scrolls by itself, or is meant for those who listen alone, is left out.
(() => {
  const found = [];
  const root = document.documentElement;
  const name = (element) => `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""} "${element.textContent.trim().slice(0, 40)}"`;
  if (root.scrollWidth > innerWidth) found.push(`the page is ${root.scrollWidth} wide in ${innerWidth}`);
  const clips = (element) => ["hidden", "clip"].includes(getComputedStyle(element).overflowX);
  const scrolls = (element) => ["auto", "scroll"].includes(getComputedStyle(element).overflowX);
  const silent = (element) => element.closest(".visually-hidden, [aria-hidden=true], svg, input") !== null;
  for (const element of document.body.querySelectorAll("*")) {
    if (silent(element) || !element.checkVisibility({ visibilityProperty: true })) continue;
    const box = element.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;
    if (clips(element) && element.scrollWidth > element.clientWidth + 1) found.push(`cut off: ${name(element)}`);
    const text = [...element.childNodes].filter((node) => node.nodeType === 3 && node.data.trim());
    for (const node of text) {
      const range = document.createRange();
      range.selectNodeContents(node);
      const words = range.getBoundingClientRect();
      let inside = element;
      while (inside && inside !== document.body && !scrolls(inside)) inside = inside.parentElement;
      const free = !inside || inside === document.body;
      if (free && (words.right > innerWidth + 1 || words.left < -1) && !element.matches(".skip")) found.push(`out of the window: ${name(element)}`);
      const block = getComputedStyle(element).display !== "inline";
      if (block && (words.bottom > box.bottom + 3 || words.right > box.right + 3)) found.push(`larger than its box (${Math.round(words.right - box.right)} right, ${Math.round(words.bottom - box.bottom)} below): ${name(element)}`);
    }
  }
  return [...new Set(found)].slice(0, 8);
})()
