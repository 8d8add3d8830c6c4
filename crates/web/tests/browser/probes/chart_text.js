// Words of drawings that are smaller on the screen than 12 px, where they can be seen.
(() => {
  const LEAST = 12;
  const found = [];
  for (const words of document.querySelectorAll("svg text")) {
    if (!words.checkVisibility({ visibilityProperty: true })) continue;
    const { a, b } = words.getScreenCTM();
    const size = parseFloat(getComputedStyle(words).fontSize) * Math.hypot(a, b);
    if (size < LEAST - 0.05) found.push(`${size.toFixed(1)} px: "${words.textContent.slice(0, 30)}"`);
  }
  return found.slice(0, 4);
})()
