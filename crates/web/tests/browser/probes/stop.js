// Where the focus is: the number of the stop, or -1; what cannot be right about it; whether it is the page itself.
(() => {
  const at = document.activeElement;
  const number = stops.indexOf(at);
  const box = at.getBoundingClientRect();
  const wrong = [];
  const near = [at, at.parentElement, ...at.querySelectorAll("*")].filter(Boolean);
  const ringed = near.some((element) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
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
