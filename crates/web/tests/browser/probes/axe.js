// What axe finds against WCAG 2.2 at level AA and against its best practice, with the first places of each.
(contrast) => axe
  .run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    rules: { "color-contrast": { enabled: contrast } },
    resultTypes: ["violations"],
  })
  .then(({ violations }) =>
    violations.map(({ id, nodes }) => `${id} (${nodes.length}): ${nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} ${node.failureSummary?.split("\n")[1] ?? ""}`).join(" | ")}`))
