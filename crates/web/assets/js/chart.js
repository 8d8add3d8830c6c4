// A chart over time: the pointer, or the arrows once the chart has the focus, choose the period that the line above reads
// out. Without this it reads out the last one, and the table below the chart has all of them.
for (const chart of document.querySelectorAll("figure.chart")) {
  const line = chart.parentElement.querySelector(".readout");
  const list = chart.parentElement.querySelector(".readouts");
  if (!line || !list) continue;
  // The list may grow: a forecast comes by itself.
  const last = () => list.children.length - 1;
  const current = () => Number(list.dataset.current);
  let at = current();
  const show = (place, isMarked = true) => {
    at = Math.max(0, Math.min(last(), place));
    line.replaceChildren(...list.children[at].cloneNode(true).childNodes);
    for (const cross of chart.querySelectorAll(".c-cross")) {
      const x = Number(cross.dataset.first) + at * Number(cross.dataset.step);
      cross.setAttribute("transform", `translate(${x} 0)`);
      cross.setAttribute("visibility", isMarked ? "visible" : "hidden");
    }
  };
  chart.tabIndex = 0;
  // Said anew each time: a page that comes again by itself does not know of it.
  const name = () => chart.setAttribute("aria-label", "Chart. Left and right arrows read out its periods");
  name();
  chart.addEventListener("focus", name);
  chart.addEventListener("pointermove", (event) => {
    const drawing = event.target.closest("svg");
    const cross = drawing?.querySelector(".c-cross");
    if (!cross) return;
    const box = drawing.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * drawing.viewBox.baseVal.width;
    show(Math.round((x - Number(cross.dataset.first)) / Number(cross.dataset.step)));
  });
  chart.addEventListener("pointerleave", () => show(current(), false));
  chart.addEventListener("blur", () => show(current(), false));
  chart.addEventListener("keydown", (event) => {
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last() }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    show(to);
  });
}
