// Talking to a draft without leaving the page; beside an editor, to what is typed just now.

const TYPED_AFTER_MS = 1200; // the text rests so long before the talk is gone through again
const page = crypto.randomUUID();
const typed = document.querySelector("#edit textarea[name=text]");
const aside = document.querySelector("#talk");
const opener = document.querySelector("#talk-open");
const place = aside ? aside.querySelector(".talk") : document.querySelector(".talk");
let asked = 0;

const formHere = () => place.querySelector("form.talk-form");

function fieldsOf(form, button) {
  const fields = new FormData(form);
  if (button && button.name) fields.append(button.name, button.value);
  fields.append("page", page);
  if (typed) {
    fields.append("file", document.querySelector("#edit").dataset.file);
    fields.append("text", typed.value);
  }
  return new URLSearchParams(fields);
}

async function goOn(button) {
  const form = formHere();
  const mine = ++asked;
  const held = form.contains(document.activeElement);
  const open = [...form.querySelectorAll("details[open]")].map((each) => each.className);
  const draft = form.elements.say.value;
  const kept = button && (button.name === "tap" || button.name === "wait" || button.value === "again") ? draft : "";
  form.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(`${form.getAttribute("action")}?part=1`, { method: "POST", body: fieldsOf(form, button), headers: { Accept: "text/html" } });
    if (mine !== asked || answer.status === 204) return;
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("form.talk-form");
    for (const name of open) fresh.querySelector(`details.${name}`)?.setAttribute("open", "");
    fresh.elements.say.value = kept;
    form.replaceWith(fresh);
    showEnd();
    if (held) fresh.elements.say.focus();
  } catch {
    if (mine === asked) say(form.dataset.trouble);
  } finally {
    formHere().removeAttribute("aria-busy");
  }
}

function say(words) {
  const told = document.createElement("p");
  told.className = "wrong";
  told.setAttribute("role", "alert");
  told.textContent = words;
  formHere().querySelector("p.wrong[role=alert]")?.remove();
  formHere().querySelector(".turns").before(told);
}

function showEnd() {
  const turns = place.querySelector(".turns");
  const changed = turns.querySelector(".turn.changed");
  turns.scrollTop = changed ? changed.offsetTop : turns.scrollHeight;
}

place.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button && button.hasAttribute("formaction")) {
    if (!formHere().elements.title.value.trim()) { event.preventDefault(); formHere().elements.title.focus(); }
    if (typed) addTyped();
    return; // it leads to another page
  }
  event.preventDefault();
  goOn(button);
});

// A recording of what is typed just now, not of what was saved.
function addTyped() {
  const form = formHere();
  for (const [name, value] of [["file", document.querySelector("#edit").dataset.file], ["text", typed.value]]) {
    const field = form.elements[name] || form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
    field.value = value;
  }
}

if (typed) {
  let timer = 0;
  typed.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const again = Object.assign(document.createElement("button"), { name: "do", value: "again" });
      if (!aside.hidden && formHere().elements.inputs.value !== "[]") goOn(again);
    }, TYPED_AFTER_MS);
  });
}

if (aside && opener) {
  const show = (shown) => {
    aside.hidden = !shown;
    document.body.classList.toggle("talking", shown);
    opener.setAttribute("aria-expanded", String(shown));
    (shown ? formHere().elements.say : opener).focus();
  };
  opener.setAttribute("role", "button");
  opener.setAttribute("aria-expanded", "false");
  opener.setAttribute("aria-controls", "talk");
  opener.addEventListener("click", (event) => { event.preventDefault(); show(aside.hidden); });
  document.querySelector("#talk-close").addEventListener("click", () => show(false));
  aside.addEventListener("keydown", (event) => { if (event.key === "Escape") show(false); });
}
