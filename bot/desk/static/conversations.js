// The list of conversations: follows who waits and who wrote.

import { follow } from "./live.js";

let wanted = "";
let shown = "";
let asking = false;

function isBusy() {
  const part = document.querySelector("#part");
  return part.contains(document.activeElement) && document.activeElement.matches("select, input");
}

function badge(waiting) {
  const held = document.querySelector('[data-badge="/desk/conversations"]');
  if (!held) return;
  held.firstChild.textContent = String(waiting);
  held.hidden = !waiting;
}

async function refresh() {
  const part = document.querySelector("#part");
  if (asking || wanted === shown || !("live" in part.dataset) || isBusy()) return;
  asking = true;
  const asked = wanted;
  try {
    const answer = await fetch(`/desk/conversations/part${location.search}`, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#part");
    if (fresh && !isBusy()) {
      const at = document.activeElement?.getAttribute?.("href");
      part.replaceWith(fresh);
      if (at) fresh.querySelector(`a[href="${CSS.escape(at)}"]`)?.focus();
      shown = asked;
    }
  } catch {
    // offline: the banner says so, and the next state asks again
  } finally {
    asking = false;
  }
}

follow("/desk/conversations/live", (state) => {
  wanted = JSON.stringify(state);
  if (!shown) shown = wanted; // the page was just made
  badge(state.waiting);
  refresh();
});
setInterval(refresh, 1000); // what had to wait for somebody to choose
