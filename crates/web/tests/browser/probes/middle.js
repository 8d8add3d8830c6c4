// Where a mouse would click on the first element of a selector that can be seen: its middle, once it is in view.
(selector) => {
  const found = [...document.querySelectorAll(selector)].find((element) => element.checkVisibility({ visibilityProperty: true }));
  if (!found) return "there is none that can be seen";
  found.scrollIntoView({ block: "center", inline: "center" });
  const box = found.getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const there = document.elementFromPoint(x, y);
  if (!found.contains(there) && !there?.contains(found)) return `under ${there?.outerHTML.slice(0, 200)}`;
  return { x, y };
}
