// Find: Ctrl or Cmd and K opens the box; arrows walk what was found. The server finds, htmx asks it.
const box = document.querySelector("dialog.find-box");
if (box) {
  const input = box.querySelector("input");
  const found = () => [...box.querySelectorAll(".found a")];
  let at = 0;
  const select = (to) => {
    const links = found();
    at = links.length ? (to + links.length) % links.length : 0;
    links.forEach((link, position) => {
      link.id ||= `found-${position}`;
      link.setAttribute("aria-selected", String(position === at));
    });
    if (links[at]) {
      input.setAttribute("aria-activedescendant", links[at].id);
      links[at].scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  const show = () => {
    box.showModal();
    input.select();
    if (!found().length) input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  for (const opener of document.querySelectorAll("[data-find]")) {
    opener.addEventListener("click", (event) => {
      event.preventDefault();
      show();
    });
  }
  addEventListener("keydown", (event) => {
    if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      box.open ? box.close() : show();
    }
  });
  new MutationObserver(() => select(0)).observe(box.querySelector("#found"), { childList: true, subtree: true });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      select(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && found()[at]) {
      event.preventDefault();
      found()[at].click();
    }
  });
  box.addEventListener("click", (event) => {
    if (event.target === box) box.close();
  });
}
