// The screen of the waiting room: follows the calls, and never shows old numbers as new.

import { Voice } from "./voice.js";

const CUT_OFF_MS = 10000; // a beat comes every five seconds
const TRY_AGAIN_MS = 3000;

const { live, zone, language, counter: counterWord, nobody, lost } = document.body.dataset;
const voice = new Voice(document.body.dataset);
const now = document.querySelector(".now ul");
const next = document.querySelector(".next ol");
const banner = document.querySelector(".lost");

let ahead = Number(document.body.dataset.now) * 1000 - Date.now(); // of this machine's clock
let heardAt = Date.now();
let known = null; // calls that were shown, so that only new ones are spoken
let source = null;

const hours = new Intl.DateTimeFormat(language, { timeZone: zone, hour: "2-digit", minute: "2-digit" });
const at = (moment) => hours.format(new Date(moment + ahead));

const keyOf = (each) => `${each.number}|${each.counter}|${each.at}`;

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

function show(state) {
  heardAt = Date.now();
  ahead = Math.max(state.now * 1000 - heardAt, Math.min(ahead, state.now * 1000 + 5000 - heardAt));
  const fresh = known === null ? [] : state.called.filter((each) => !known.has(keyOf(each)));
  if (known?.size !== state.called.length || fresh.length) {
    now.replaceChildren(...(state.called.length ? state.called.map((each) => row(each, fresh)) : [element("li", "nobody", nobody)]));
  }
  known = new Set(state.called.map(keyOf));
  next.replaceChildren(...state.next.map((number) => element("li", "", number)));
  banner.hidden = true;
  document.body.classList.remove("old");
  for (const each of fresh.reverse()) voice.call(each);
}

function row(each, fresh) {
  const made = element("li", fresh.includes(each) ? "new" : "", "");
  made.append(element("span", "number", each.number));
  if (each.counter) made.append(element("span", "counter", `${counterWord} ${each.counter}`));
  return made;
}

function connect() {
  source?.close();
  source = new EventSource(live);
  source.onmessage = (event) => show(JSON.parse(event.data));
}

function watch() {
  document.querySelector(".clock time").textContent = at(Date.now());
  if (Date.now() - heardAt < CUT_OFF_MS) return;
  if (banner.hidden) {
    banner.textContent = lost.replace("{hour}", at(heardAt));
    banner.hidden = false;
    document.body.classList.add("old");
  }
}

// A connection that died without a word, or was refused, does not come back by itself.
setInterval(() => { if (Date.now() - heardAt >= CUT_OFF_MS || source.readyState === EventSource.CLOSED) connect(); }, TRY_AGAIN_MS);
setInterval(watch, 500);
watch();
connect();

const sound = document.querySelector("[data-sound]");
if (voice.able) {
  sound.hidden = false;
  sound.addEventListener("click", () => sound.setAttribute("aria-pressed", String(voice.toggle())));
}

const full = document.querySelector("[data-full]");
if (document.fullscreenEnabled) {
  full.hidden = false;
  full.addEventListener("click", () => document.documentElement.requestFullscreen());
}
