// Where the focus is: the number of the stop, or -1; what cannot be right about it; whether it is the page itself.
(() => {
  const at = document.activeElement;
  const number = stops.indexOf(at);
  const box = at.getBoundingClientRect();
  const wrong = [];
  const near = [at, at.parentElement, ...at.querySelectorAll("*")].filter(Boolean);
  const ringed = near.some((element) => {
    const { outlineStyle, outlineWidth, stroke, strokeWidth } = getComputedStyle(element);
    // A box of the map has a ring of its own, because outlines of drawings differ between browsers.
    if (element.matches(".m-focus")) return stroke !== "none" && parseFloat(strokeWidth) >= 2;
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  });
  if (at !== document.body) {
    if (!ringed) wrong.push("without a ring");
    const there = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, innerHeight / 2));
    if (box.height < innerHeight && !at.contains(there) && !there?.contains(at)) wrong.push(`under ${there?.outerHTML.slice(0, 80) ?? "the edge"}`);
  }
  const scrolls = at.scrollWidth > at.clientWidth || at.scrollHeight > at.clientHeight;
  return { number, wrong, scrolls, body: at === document.body, name: at.outerHTML.slice(0, 120) };
})()
