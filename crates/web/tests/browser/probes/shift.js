// By how much what was there moved while the page came, as browsers count it, and what moved.
new Promise((done) => {
  const found = { sum: 0, moved: [] };
  const named = (node) => (node?.nodeType === 1 ? `${node.localName}.${node.getAttribute("class") ?? ""}` : "text");
  const place = (box) => `${Math.round(box.x)},${Math.round(box.y)} ${Math.round(box.width)}x${Math.round(box.height)}`;
  const add = (entries) => {
    for (const entry of entries) {
      found.sum += entry.value;
      for (const { node, previousRect, currentRect } of entry.sources)
        found.moved.push(`${named(node)} from ${place(previousRect)} to ${place(currentRect)}`);
    }
  };
  const observer = new PerformanceObserver((list) => add(list.getEntries()));
  observer.observe({ type: "layout-shift", buffered: true });
  setTimeout(() => {
    add(observer.takeRecords());
    done(found);
  }, 50);
})
