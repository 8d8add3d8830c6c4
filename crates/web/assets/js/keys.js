// Keys: g and a letter goes to a page, / finds, ? lists them. They rest while somebody types, and can be switched off.
const list = document.querySelector("dialog.keys");
const off = "throughline-keys-off";
const remembered = () => {
  try {
    return localStorage.getItem(off) === "1";
  } catch {
    return false;
  }
};
let waiting = false;
// Ctrl or Cmd and Enter send the form that one types in, where it says that this is quick.
addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form[data-quick]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
});
addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input:not([type=radio]), textarea, select, [contenteditable]");
  if (typing || event.metaKey || event.ctrlKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "?") {
    event.preventDefault();
    list?.showModal();
    return;
  }
  if (remembered()) return;
  if (waiting) {
    waiting = false;
    const link = document.querySelector(`.side [data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (link) {
      event.preventDefault();
      link.click();
    }
  } else if (event.key === "/") {
    event.preventDefault();
    document.querySelector("[data-find]")?.click();
  } else if (event.key === "g") {
    waiting = true;
    setTimeout(() => (waiting = false), 1500);
  } else {
    const link = document.querySelector(`main [data-shortcut~="${CSS.escape(event.key.toLowerCase())}"]`);
    if (link) {
      event.preventDefault();
      link.click();
      if (link.dataset.focus) document.getElementById(link.dataset.focus)?.focus();
    }
  }
});
const box = list?.querySelector("input[type=checkbox]");
if (box) {
  box.checked = !remembered();
  box.addEventListener("change", () => {
    try {
      localStorage.setItem(off, box.checked ? "0" : "1");
    } catch {
      // Without a memory, keys are on again at the next page.
    }
  });
}
