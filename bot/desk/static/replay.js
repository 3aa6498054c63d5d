// A replay that goes on is shown as it goes.

import { follow } from "./live.js";

let asking = false;
let again = false;

function part() {
  return document.querySelector("#part");
}

async function refresh() {
  if (asking) { again = true; return; }
  asking = true;
  try {
    const query = new URLSearchParams(location.search);
    query.set("part", "1");
    const answer = await fetch(`${location.pathname}?${query}`, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#part");
    if (!fresh) return;
    const open = new Set([...part().querySelectorAll("details[open] summary code")].map((each) => each.textContent));
    const seen = new Set([...part().querySelectorAll("details summary code")].map((each) => each.textContent));
    for (const code of fresh.querySelectorAll("details summary code")) {
      if (seen.has(code.textContent)) code.closest("details").open = open.has(code.textContent);
    }
    if (part().contains(document.activeElement) && document.activeElement.matches("input")) return;
    part().replaceWith(fresh);
  } catch {
    // offline: the next state asks again
  } finally {
    asking = false;
    if (again) { again = false; refresh(); }
  }
}

if (!("over" in part().dataset)) {
  const stop = follow(part().dataset.live, (state) => {
    if (String(state.replayed) !== part().dataset.replayed || state.over) refresh();
    if (state.over) stop();
  });
}
