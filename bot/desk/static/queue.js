// The queue of the counter: follows what other counters do, and catches what a scanner types.

import { follow } from "./live.js";

const field = document.querySelector("#code");
let wanted = null; // the revision to show, once nobody types in what would be replaced
let asking = false;

function isBusy() {
  const part = document.querySelector("#part");
  const at = document.activeElement;
  return part.contains(at) && at.matches("input, select") || part.querySelector("details[open]") !== null;
}

async function refresh() {
  const part = document.querySelector("#part");
  if (asking || wanted === null || String(wanted) === part.dataset.revision || isBusy()) return;
  asking = true;
  try {
    const query = new URLSearchParams(location.search);
    query.delete("did");
    query.delete("no");
    const answer = await fetch(`/desk/queue/part?${query}`, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#part");
    if (fresh && !isBusy()) {
      const held = part.contains(document.activeElement);
      part.replaceWith(fresh);
      if (held) field.focus();
    }
  } catch {
    // offline: the banner says so, and the next state asks again
  } finally {
    asking = false;
  }
}

follow("/desk/queue/live", (state) => {
  wanted = state.revision;
  refresh();
});
setInterval(refresh, 1000); // what had to wait for somebody to finish typing

// A scanner types like a keyboard: whatever comes while nobody types elsewhere belongs in the field.
document.addEventListener("keydown", (event) => {
  const elsewhere = event.target.closest("input, select, textarea, summary");
  const onButton = event.target.closest("button, a") && event.key === " ";
  if (elsewhere || onButton || event.key.length !== 1 || event.ctrlKey || event.altKey || event.metaKey) return;
  field.focus();
});

for (const form of document.querySelectorAll("form.scan")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault(); // the second half of a double click
    form.dataset.sent = "1";
  });
}
