// Pasting a column into the field of a figure fills fields that are empty: those that the words before the figures name, else that
// field and the empty ones after it, in their order. What was typed elsewhere stays. One button takes it back, and so does whatever
// undoes typing in the browser.
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
  const at = (one) => fields.indexOf(one);
  const typed = fields.filter((one) => one.value.trim());
  const empty = fields.filter((one) => !typed.includes(one));
  const byName = rows.some((row) => empty.some((one) => names(row, one)));
  const open = byName ? empty : [field, ...empty.filter((one) => at(one) > at(field))];
  const missed = [];
  before = [];
  let last = field;
  for (const row of rows) {
    const fitting = byName ? open.filter((one) => names(row, one)) : open.slice(0, 1);
    if (fitting.length !== 1) {
      missed.push(row.line.replaceAll("\t", " "));
      continue;
    }
    [last] = fitting;
    open.splice(open.indexOf(last), 1);
    before.push([last, last.value]);
    put(last, row.figure);
  }
  last.focus();
  // Where figures would have gone, had nothing been typed there.
  const isPassed = byName ? (one) => rows.some((row) => names(row, one)) : (one) => at(one) > at(field) && at(one) < at(last);
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
