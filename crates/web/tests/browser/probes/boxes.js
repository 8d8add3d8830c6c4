// Boxes of tables that scroll sideways. A sheet of a workbook is as wide as it is, and so is a map of many boxes.
[...document.querySelectorAll(".table-box:not(.sheet-box)")]
  .filter((box) => box.checkVisibility() && box.scrollWidth > box.clientWidth + 1)
  .map((box) => `${box.scrollWidth} in ${box.clientWidth}: ${box.getAttribute("aria-label") ?? box.className}`)
