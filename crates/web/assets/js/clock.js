// The clocks of a review in session: how long its item is talked about, and how the meeting is on time, which is told by the
// time of the server. Which item is on, and how long each has had, is remembered by the browser, so that the wall and the
// page beside it tell the same.
const text = (seconds) => `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

function remembered(name) {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? {};
  } catch {
    return {};
  }
}

function remember(name, state) {
  try {
    localStorage.setItem(name, JSON.stringify(state));
  } catch {
    // Without a memory the clock of an item begins again with each page.
  }
}

for (const clock of document.querySelectorAll("[data-clock]")) {
  const { opened, now, minutes, item, ofItem, before } = clock.dataset;
  const ahead = Date.parse(now) - Date.now();
  const name = `throughline-clock-${clock.dataset.clock}-${opened}`;
  const state = remembered(name);
  state.spent ??= {};
  if (state.item !== item) {
    if (state.item) state.spent[state.item] = (state.spent[state.item] ?? 0) + Date.now() - state.since;
    Object.assign(state, { item, since: Date.now() });
    remember(name, state);
  }
  const shown = clock.querySelector("[role=timer]");
  const about = clock.querySelector(".about");
  const say = () => {
    const seconds = Math.max(0, ((state.spent[item] ?? 0) + Date.now() - state.since) / 1000);
    // Without an item on the agenda the meeting alone has a clock.
    if (shown) {
      shown.textContent = text(seconds);
      clock.classList.toggle("over", seconds > ofItem * 60);
    }
    const met = Math.max(0, Math.floor((Date.now() + ahead - Date.parse(opened)) / 60000));
    const late = met - Number(before) - Number(ofItem);
    const judged = late > 0 ? `${late} min behind` : "on time";
    about.textContent = `Meeting ${met} of ${minutes} min${shown ? `, ${judged}` : ""}`;
  };
  say();
  setInterval(say, 1000);
}
