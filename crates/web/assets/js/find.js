// Find: Ctrl or Cmd and K opens the box; arrows walk what was found. The server finds, htmx asks it. The focus stays in the
// field: to a reader of the screen it is a combobox, and what was found are the options of its list.
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
      link.role = "option";
      link.tabIndex = -1;
      link.parentElement.role = "none";
      link.setAttribute("aria-selected", String(position === at));
    });
    const list = links[0]?.closest("ul");
    input.ariaExpanded = String(Boolean(list));
    if (list) {
      list.id = "found-options";
      list.role = "listbox";
      list.ariaLabel = "Found";
      input.setAttribute("aria-controls", list.id);
    } else input.removeAttribute("aria-controls");
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
  const said = box.querySelector("[role=status]");
  const arrived = () => {
    select(0);
    said.textContent = found().length ? `${found().length} found` : box.querySelector(".found p")?.textContent;
  };
  new MutationObserver(arrived).observe(box.querySelector("#found"), { childList: true, subtree: true });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      select(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Escape") {
      // The field would only be emptied by it.
      event.preventDefault();
      box.close();
    } else if (event.key === "Enter" && found()[at]) {
      event.preventDefault();
      found()[at].click();
    }
  });
  box.addEventListener("click", (event) => {
    if (event.target === box) box.close();
  });
}
