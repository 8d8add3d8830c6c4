// Pasting a column into the field of a figure fills fields that are empty: those that the words before the figures name, else each
// line the field at its place, from that field on. Where there are as many lines as empty fields from there on, they go to these. What
// was typed elsewhere stays. One button takes it back, and so does whatever undoes typing in the browser.
let before = [];

addEventListener("paste", (event) => {
  const field = event.target.closest?.("[data-column]");
  const lines = (event.clipboardData?.getData("text") ?? "").trimEnd().split(/\r?\n/);
  if (!field || lines.length < 2) return;
  event.preventDefault();
  const rows = lines.map((line) => {
    const columns = line.split("\t").map((column) => column.trim());
    return { line, figure: columns.pop(), words: columns.filter((word) => /\p{L}/u.test(word)).map((word) => word.toLowerCase()) };
  });
  const fields = [...field.form.querySelectorAll("[data-column]")];
  const names = (row, one) => row.words.length > 0 && row.words.every((word) => one.dataset.column.split("\n").includes(word));
  const typed = fields.filter((one) => one.value.trim());
  const empty = fields.filter((one) => !typed.includes(one));
  const byName = rows.some((row) => empty.some((one) => names(row, one)));
  const below = fields.slice(fields.indexOf(field));
  // The field itself was chosen, and takes its line whatever stands in it.
  const open = below.filter((one) => one === field || empty.includes(one));
  const takers = rows.length === open.length ? open : below;
  const missed = [];
  before = [];
  const isFilled = (one) => before.some(([filled]) => filled === one);
  rows.forEach((row, place) => {
    const fitting = byName ? empty.filter((one) => names(row, one) && !isFilled(one)) : takers.slice(place, place + 1);
    const [taker] = fitting;
    if (fitting.length !== 1) {
      missed.push(row.line.replaceAll("\t", " "));
    } else if (byName || open.includes(taker)) {
      before.push([taker, taker.value]);
      put(taker, row.figure);
    }
  });
  const last = before.at(-1)?.[0] ?? field;
  last.focus();
  // Where figures would have gone, had nothing been typed there.
  const passed = below.slice(1, takers === below ? rows.length : below.indexOf(last));
  const isPassed = byName ? (one) => rows.some((row) => names(row, one)) : (one) => passed.includes(one);
  const kept = typed.filter(isPassed).length;
  const parts = [`${before.length} of ${lines.length} lines pasted${byName ? ", by name" : ""}`];
  if (kept) parts.push(`${kept} ${kept === 1 ? "field keeps" : "fields keep"} what was typed`);
  if (missed.length) parts.push(`left: ${missed.join(", ")}`);
  say(field.form, parts.join("; "));
});

addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-unpaste]");
  if (!button) return;
  for (const [field, value] of before) put(field, value);
  before[0]?.[0].focus();
  before = [];
  say(button.form, "The paste is undone");
});

// Types a figure in the place of what a field has, so that the browser can undo it; where it does not let itself be typed in, puts
// it there.
function put(field, figure) {
  field.select();
  const isTyped = document.execCommand(figure ? "insertText" : "delete", false, figure);
  if (!isTyped) field.value = figure;
}

function say(form, words) {
  const said = form.querySelector("[data-pasted]");
  const undo = form.querySelector("[data-unpaste]");
  if (said) said.textContent = words;
  if (undo) undo.hidden = before.length === 0;
}
