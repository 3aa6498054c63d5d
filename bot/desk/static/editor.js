// The editor of one file of a draft. Without it the page is a form that works.

import { completing } from "./completing.js";
import { Paper, goTo, placeOf } from "./paper.js";
import { picture } from "./picture.js";
import { finding, indenting } from "./typing.js";

const CHECK_MS = 500;
const SAVE_MS = 2500;
const AGAIN_MS = 8000;

const form = document.getElementById("edit");
const words = form.dataset;
const area = document.getElementById("text");
const box = document.getElementById("editor");
const state = document.getElementById("state");
const readOnly = "readOnly" in words;
const page = crypto.randomUUID?.() ?? String(Math.random());
const jump = (line, column) => goTo(area, line, column);
const paper = new Paper(box, area, jump);
const aside = document.getElementById("picture");
const drawn = aside && picture(aside, jump, words);
const others = new Set([...document.querySelectorAll(".other-files a")].map((each) => each.textContent));
let findings = [];

// Talking to the server: a token of a session that was begun anew is fetched once.

async function post(url, fields, again = true) {
  const body = new URLSearchParams({ ...fields, csrf: form.elements.csrf.value });
  const answer = await fetch(url, { method: "POST", headers: { Accept: "application/json" }, body });
  if (answer.status === 403 && again) {
    const fresh = await fetch(location.pathname);
    const token = new DOMParser().parseFromString(await fresh.text(), "text/html").querySelector("#edit [name=csrf]");
    if (token) {
      form.elements.csrf.value = token.value;
      return post(url, fields, false);
    }
  }
  return answer;
}

// Saving: by itself soon after typing, at once with Ctrl+S; nothing goes over another's text.

let kept = "unsaved" in words ? null : area.value;
let saving = null;
let saveTimer = 0;
let leaving = false;
let cannot = false; // the server said no: it is not asked again by itself
const unsaved = () => !readOnly && area.value !== kept;

function say(text, wrong = false) {
  state.textContent = text;
  state.className = wrong ? "wrong" : "soft";
}

async function save() {
  clearTimeout(saveTimer);
  if (saving) await saving;
  if (!unsaved()) return true;
  saving = (async () => {
    const text = area.value;
    say(words.saving);
    try {
      const answer = await post(form.action, { text, was: form.elements.was.value });
      if (answer.status === 409) {
        leaving = true; // the page that comes shows both texts
        form.submit();
        return false;
      }
      const said = await answer.json();
      cannot = !answer.ok;
      if (cannot) {
        say(said.error, true);
        return false;
      }
      kept = text;
      form.elements.was.value = said.was;
      say(unsaved() ? words.unsavedWords : said.said);
      return true;
    } catch {
      say(words.unsavedWords, true); // no connection: tried again by itself
      saveTimer = setTimeout(save, AGAIN_MS);
      return false;
    }
  })();
  const done = await saving;
  saving = null;
  if (done && unsaved()) saveTimer = setTimeout(save, SAVE_MS);
  return done;
}

if (!readOnly) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save();
  });
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
      event.preventDefault();
      save();
    }
  });
  addEventListener("beforeunload", (event) => {
    if (unsaved() && !leaving) event.preventDefault();
  });
  addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || !unsaved() || event.ctrlKey || event.metaKey || event.shiftKey || link.hash) return;
    event.preventDefault();
    if (await save()) location.href = link.href;
  });
}

// Findings: soon after typing, at their lines, in the list, and with F8 one after the other.

let checkTimer = 0;
let checked = 0;

async function check() {
  clearTimeout(checkTimer);
  const number = (checked += 1);
  const text = area.value;
  if (number === 1) showInstead("soft", words.checking);
  try {
    const answer = await post(`${words.draft}/check`, { file: words.file, text, page });
    const said = await answer.json();
    if (number !== checked || said.superseded) return;
    if (said.error) showInstead("wrong", said.error);
    else showFindings(said);
    if (drawn && "drawing" in said) {
      drawn.show(said.drawing, said.lines);
      drawn.here(placeOf(area).line);
    }
  } catch {
    checkTimer = setTimeout(check, AGAIN_MS);
  }
}

/** One line in place of findings: why there are none. */
function showInstead(kind, text) {
  const told = document.createElement("p");
  told.className = kind;
  told.textContent = text;
  document.getElementById("found").replaceChildren(told);
}

function showFindings(said) {
  findings = said.findings.filter((each) => each.file === words.file);
  findings.sort((one, other) => one.line - other.line || one.column - other.column);
  const elsewhere = said.findings.filter((each) => each.file !== words.file);
  paper.mark(findings);
  const mistakes = said.findings.filter((each) => !each.warning).length;
  const next = document.getElementById("next");
  next.hidden = findings.length === 0;
  document.getElementById("count").textContent = words.mistakes.replace("#", String(findings.filter((each) => !each.warning).length));
  const parts = [];
  if (said.right) {
    const right = document.createElement("p");
    right.className = "right";
    right.textContent = words.right;
    parts.push(right);
  }
  if (findings.length) parts.push(listed(findings));
  if (elsewhere.length) {
    const title = document.createElement("h2");
    title.textContent = words.elsewhere;
    parts.push(title, listed(elsewhere));
  }
  document.getElementById("found").replaceChildren(...parts);
  form.dataset.checked = String(mistakes); // what tests and styles may ask
}

function listed(found) {
  const list = document.createElement("ol");
  list.className = "findings";
  for (const each of found) {
    const row = list.appendChild(document.createElement("li"));
    row.className = each.warning ? "warned" : "mistake";
    const here = each.file === words.file;
    const place = row.appendChild(document.createElement(here || others.has(each.file) ? "a" : "code"));
    place.textContent = here ? words.line.replace("#", String(each.line)) : `${each.file}:${each.line}`;
    if (place.localName === "a") place.href = here ? `#L${each.line}` : `${words.draft}/${each.file}#L${each.line}`;
    place.addEventListener("click", (event) => {
      if (!here) return;
      event.preventDefault();
      jump(each.line, each.column);
    });
    const kind = document.createElement("b");
    kind.textContent = each.warning ? words.warning : words.mistake;
    const message = document.createElement("span");
    message.textContent = each.message;
    row.append(" ", kind, " ", message);
  }
  return list;
}

function nextFinding(back) {
  if (!findings.length) return;
  const { line, column } = placeOf(area);
  const after = (each) => each.line > line || (each.line === line && each.column > column);
  const before = (each) => each.line < line || (each.line === line && each.column < column);
  const found = back ? findings.findLast(before) ?? findings.at(-1) : findings.find(after) ?? findings[0];
  jump(found.line, found.column);
}

document.getElementById("next").addEventListener("click", () => nextFinding(false));
addEventListener("keydown", (event) => {
  if (event.key !== "F8") return;
  event.preventDefault();
  nextFinding(event.shiftKey);
});

// The text itself.

function changed() {
  paper.draw();
  paper.here();
  if (!readOnly) {
    say(unsaved() ? words.unsavedWords : "");
    clearTimeout(saveTimer);
    if (kept !== null && !cannot) saveTimer = setTimeout(save, SAVE_MS);
  }
  clearTimeout(checkTimer);
  checkTimer = setTimeout(check, CHECK_MS);
}

function moved() {
  paper.here();
  drawn?.here(placeOf(area).line);
}

area.addEventListener("input", changed);
for (const kind of ["keyup", "click", "caret", "focus"]) area.addEventListener(kind, moved);
addEventListener("hashchange", fromHash);

function fromHash() {
  const [, line] = location.hash.match(/^#L(\d+)$/) ?? [];
  if (line) jump(Number(line));
}

if (!readOnly) {
  const ask = async (place) => {
    const fields = { file: words.file, text: area.value, line: String(place.line), column: String(place.column) };
    try {
      const answer = await post(`${words.draft}/complete`, fields);
      return answer.ok ? await answer.json() : null;
    } catch {
      return null; // without a connection nothing is offered
    }
  };
  completing(box, paper, ask, () => {});
  indenting(area, () => document.getElementById("offers") !== null);
}
finding(area, words.notFound);
paper.draw();
paper.here();
if (kept === null) say(words.unsavedWords, true);
fromHash();
check();
