// Pasting a column into the field of a figure fills that field and those after it.
addEventListener("paste", (event) => {
  const field = event.target.closest?.("[data-column]");
  const lines = (event.clipboardData?.getData("text") ?? "").trimEnd().split(/\r?\n/);
  if (!field || lines.length < 2) return;
  event.preventDefault();
  const fields = [...field.form.querySelectorAll("[data-column]")];
  const below = fields.slice(fields.indexOf(field));
  const filled = Math.min(below.length, lines.length);
  for (let place = 0; place < filled; place += 1) below[place].value = lines[place].split("\t").pop().trim();
  below[filled - 1].focus();
  const said = field.form.querySelector("[data-pasted]");
  if (said) said.textContent = `${filled} of ${lines.length} lines pasted`;
});
