// Pasting a column into the field of a figure fills fields that are empty: those that the words before the figures name, else that
// field and those after it, in their order. One button takes it back.
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
  const empty = fields.filter((one) => !one.value.trim());
  const byName = rows.some((row) => empty.some((one) => names(row, one)));
  const open = byName ? empty : fields.slice(fields.indexOf(field));
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
    last.value = row.figure;
  }
  last.focus();
  say(field.form, `${before.length} of ${lines.length} lines pasted${byName ? ", by name" : ""}${missed.length ? `; left: ${missed.join(", ")}` : ""}`);
});

addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-unpaste]");
  if (!button) return;
  for (const [field, value] of before) field.value = value;
  before[0]?.[0].focus();
  before = [];
  say(button.form, "The paste is undone");
});

function say(form, words) {
  const said = form.querySelector("[data-pasted]");
  const undo = form.querySelector("[data-unpaste]");
  if (said) said.textContent = words;
  if (undo) undo.hidden = before.length === 0;
}
