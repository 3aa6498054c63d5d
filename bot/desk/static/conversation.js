// One conversation: new messages as they come, and answers without losing what is being typed.

import { follow, send } from "./live.js";

const part = () => document.querySelector("#part");
let wanted = null;
let asking = false;
let sending = false;

function toEnd() {
  const log = document.querySelector("#log");
  log.scrollTop = log.scrollHeight;
}

/** Put the fresh page's part in the place of the old one, with what is typed and where one reads. */
function replaceBy(fresh) {
  const old = part();
  const log = old.querySelector("#log");
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80;
  const top = log.scrollTop;
  const typed = old.querySelector("textarea");
  const field = fresh.querySelector("textarea");
  if (typed && field) {
    const [from, to, focused] = [typed.selectionStart, typed.selectionEnd, document.activeElement === typed];
    field.value = typed.value;
    old.replaceWith(fresh);
    if (focused) {
      field.focus();
      field.setSelectionRange(from, to);
    }
  } else if (typed && typed.value.trim()) {
    const said = fresh.querySelector(".composer"); // it was taken away while typing: keep the words
    const kept = document.createElement("textarea");
    kept.value = typed.value;
    kept.readOnly = true;
    kept.rows = 3;
    said.append(kept);
    old.replaceWith(fresh);
  } else {
    old.replaceWith(fresh);
  }
  const now = document.querySelector("#log");
  now.scrollTop = atEnd ? now.scrollHeight : top;
}

async function refresh() {
  if (asking || sending || wanted === null || wanted === part().dataset.seen) return;
  asking = true;
  const asked = wanted;
  try {
    const answer = await fetch(part().dataset.part, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#part");
    if (!fresh) return;
    replaceBy(fresh);
    fresh.dataset.seen = asked;
  } catch {
    // offline: the banner says so, and the next state asks again
  } finally {
    asking = false;
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-reply]")) {
    if (form.dataset.sent) event.preventDefault(); // the second half of a double click
    form.dataset.sent = "1";
    return;
  }
  event.preventDefault();
  if (sending) return;
  sending = true;
  const field = form.querySelector("textarea");
  const no = form.querySelector("[data-no]");
  try {
    await send(form.action, Object.fromEntries(new FormData(form)));
    field.value = "";
    no.hidden = true;
    wanted = `sent ${form.elements.key.value}`; // its own key is used up: the next one comes with the part
  } catch (error) {
    no.textContent = error.message;
    no.hidden = false;
  } finally {
    sending = false;
    refresh();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.target.closest("[data-reply]")?.requestSubmit();
});

toEnd();
follow(part().dataset.live, (state) => {
  wanted = JSON.stringify(state);
  if (!part().dataset.seen && state && String(state.revision) === part().dataset.revision) part().dataset.seen = wanted;
  refresh();
});
