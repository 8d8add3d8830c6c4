// The map: while the pointer or the focus is on a node, what no way connects with it steps back. The links of each node stand
// in the list of the map as well, so that nothing hangs on this.
for (const map of document.querySelectorAll("svg.map")) {
  const links = [...map.querySelectorAll(".m-e")];
  const nodes = [...map.querySelectorAll(".m-node")];
  // What the address picks stands out while nothing else is looked at.
  const picked = new Set(map.querySelectorAll(".hot"));
  const isPicked = map.classList.contains("dim");
  // Everything on a way that leads from a node, or to it.
  const connected = (node) => {
    const hot = new Set();
    const keys = new Set([node.dataset.id]);
    for (const [near, far] of [["a", "b"], ["b", "a"]]) {
      const passed = new Set();
      const next = [node.dataset.id];
      while (next.length) {
        const from = next.pop();
        for (const link of links) {
          if (link.dataset[near] !== from || passed.has(link)) continue;
          passed.add(link);
          hot.add(link);
          keys.add(link.dataset[far]);
          next.push(link.dataset[far]);
        }
      }
    }
    for (const other of nodes) if (keys.has(other.dataset.id)) hot.add(other);
    return hot;
  };
  const show = (node) => {
    const hot = node ? connected(node) : picked;
    map.classList.toggle("dim", Boolean(node) || isPicked);
    for (const part of [...links, ...nodes]) part.classList.toggle("hot", hot.has(part));
  };
  const focused = () => nodes.find((node) => node.matches(":focus-visible"));
  for (const node of nodes) {
    node.addEventListener("pointerenter", () => show(node));
    node.addEventListener("pointerleave", () => show(focused()));
    node.addEventListener("focus", () => show(focused()));
    node.addEventListener("blur", () => show());
  }
}
