// What opens over the page closes when one looks elsewhere, or with Escape, which gives the focus back.
const open = () => document.querySelectorAll("details.picker[open], details.menu[open]");
addEventListener("click", (event) => {
  for (const details of open()) if (!details.contains(event.target)) details.open = false;
});
addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const details of open()) {
    details.open = false;
    details.querySelector("summary")?.focus();
  }
});
