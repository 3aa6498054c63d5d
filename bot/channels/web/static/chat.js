// The page: the list of offices, one open conversation, and what is tapped in it.

import { dayMark, invitation, make, mark, nameOf, ownBubble, paintAvatar, react, replyBubble, row, typingBubble } from "./bubbles.js";
import { Connection, randomId } from "./connection.js";
import { record } from "./record.js";

const TYPING_MS = 15_000;
const BANNER_AFTER_MS = 700;
const LARGEST_BYTES = 5 * 2 ** 20;
const UNUSABLE = "Kirim foto JPEG atau PNG, paling besar 5 MB. (A JPEG or PNG photo, 5 MB at most.)";
const NO_COOKIE = "Izinkan cookie untuk halaman ini, lalu muat ulang. (Allow cookies for this page, then reload.)";
const SEARCH_FROM = 8; // offices; fewer are seen at a glance

const one = (selector) => document.querySelector(selector);
const log = one(".log");
const field = one(".composer textarea");
const sheet = one("dialog.sheet");
const picture = one("dialog.picture");
let offices = [];
let talk = null;
let atEnd = true; // of the conversation; who reads further up is left there

/** One conversation on the screen. */
class Talk {
  constructor(office) {
    this.office = office;
    this.shown = new Set();
    this.last = "";
    this.lastAt = "";
    this.waiting = new Set(); // ids of own messages without an answer
    this.typing = typingBubble();
    this.loaded = false;
    this.connection = new Connection(office.id, this);
    log.replaceChildren(this.typing);
    toEnd();
  }

  /** Load what was said, then stay connected. */
  async start() {
    this.connected(false);
    for (let pause = 1000; talk === this; pause = Math.min(pause * 2, 15_000)) {
      const query = new URLSearchParams({ office: this.office.id });
      const answer = await fetch(`/chat/history?${query}`).catch(() => null);
      if (talk !== this) return;
      if (answer?.status === 401) return banner(NO_COOKIE); // it came with this page, so it was refused
      if (answer?.ok) {
        for (const turn of (await answer.json()).turns) this.show(turn);
        break;
      }
      await new Promise((done) => setTimeout(done, pause));
    }
    if (talk !== this) return;
    this.loaded = true;
    if (!this.last) this.put(invitation((text) => this.say("text", text)));
    this.connection.unsent.forEach((message) => this.pend(message));
    this.connection.open();
    toEnd();
  }

  stop() {
    this.connection.close();
    clearTimeout(this.bannerTimer);
    clearTimeout(this.typingTimer);
    banner("");
  }

  // What the connection tells.

  lastTurn() {
    return this.last;
  }

  turns(turns) {
    turns.forEach((turn) => this.show(turn, true));
    if (atEnd) toEnd();
  }

  acked(id) {
    const bubble = this.own(id);
    if (bubble?.dataset.state === "pending") mark(bubble, "saved");
    banner("");
  }

  failed(id, text) {
    const bubble = this.own(id);
    if (bubble) mark(bubble, "failed");
    this.answered(id);
    banner(text || "Pesan terlalu panjang. (Too long.)");
  }

  troubled(text) {
    banner(text);
    this.typing.hidden = true;
  }

  connected(yes) {
    clearTimeout(this.bannerTimer);
    if (yes) banner("");
    else this.bannerTimer = setTimeout(() => banner("Menghubungkan… (Connecting…)"), BANNER_AFTER_MS);
  }

  replaced() {
    banner("Obrolan ini dibuka di tempat lain. Muat ulang untuk melanjutkan di sini. (Opened elsewhere; reload to go on here.)");
  }

  // What is seen.

  own(id) {
    return log.querySelector(`.own[data-id="${CSS.escape(id)}"]`);
  }

  put(element) {
    this.typing.before(element);
    return element;
  }

  show(turn, fresh = false) {
    if (this.shown.has(turn.id)) return;
    this.shown.add(turn.id);
    this.last = turn.id;
    log.querySelector(".invitation")?.remove();
    const { message } = turn;
    if (message) {
      const bubble = this.own(message.id) ?? this.put(ownBubble(message));
      this.markDay(message.at, bubble);
      mark(bubble, "answered", message.at);
      this.answered(message.id);
      if (message.kind === "tap") choose(message.text);
    }
    this.markDay(turn.at, this.typing);
    turn.replies.forEach((reply, position) => {
      const bubble = this.put(replyBubble(reply, turn.at, this.actions));
      bubble.classList.toggle("fresh", fresh);
      bubble.style.animationDelay = `${position * 140}ms`;
      const { reaction } = reply;
      const reactedTo = reaction && this.own(reaction.to);
      if (reactedTo) react(reactedTo, reaction.emoji);
    });
  }

  markDay(at, next) {
    const day = dayMark(at, this.lastAt);
    if (day) next.before(day);
    this.lastAt = at;
  }

  get actions() {
    return {
      tap: (button) => this.say("tap", button.payload, button.title),
      openList: (reply) => openList(reply, (button) => this.say("tap", button.payload, button.title)),
      enlarge,
    };
  }

  /** Send a picture: its bytes first, then the message that names them. */
  async picture(file, caption) {
    const query = new URLSearchParams({ office: this.office.id });
    const answer = await fetch(`/chat/photo?${query}`, { method: "POST", body: file }).catch(() => null);
    if (talk !== this) return;
    if (answer?.ok) this.say("image", caption, "", await answer.json());
    else if (answer?.status === 413 || answer?.status === 415) banner(UNUSABLE);
    else banner("Foto belum terkirim, coba lagi. (Not sent, please try again.)");
  }

  say(kind, text, title = "", media = undefined) {
    const message = { id: randomId(), kind, text, title, media };
    if (this.loaded) this.pend(message); // else it is shown below the history, once that is here
    this.connection.send(message);
    toEnd();
  }

  pend(message) {
    log.querySelector(".invitation")?.remove();
    if (this.own(message.id)) return;
    const bubble = this.put(ownBubble(message));
    bubble.classList.add("fresh");
    mark(bubble, "pending");
    if (message.kind === "tap") choose(message.text);
    this.waiting.add(message.id);
    this.typing.hidden = false;
    clearTimeout(this.typingTimer);
    this.typingTimer = setTimeout(() => (this.typing.hidden = true), TYPING_MS);
  }

  answered(id) {
    this.waiting.delete(id);
    if (!this.waiting.size) this.typing.hidden = true;
  }
}

function toEnd() {
  log.scrollTop = log.scrollHeight;
  atEnd = true;
}

/** Mark the button last shown with this payload as the one taken. */
function choose(payload) {
  const buttons = log.querySelectorAll(`.tap[data-payload="${CSS.escape(payload)}"]`);
  buttons[buttons.length - 1]?.classList.add("chosen");
}

function openList(reply, choose) {
  one("#sheet-title").textContent = reply.menu;
  const rows = reply.buttons.map((button) =>
    row(button, (chosen) => {
      sheet.close();
      choose(chosen);
    }),
  );
  one(".sheet .rows").replaceChildren(...rows);
  sheet.showModal();
  rows[0]?.focus();
}

function enlarge(reply) {
  const image = picture.querySelector("img");
  image.src = reply.image;
  image.alt = nameOf(reply);
  picture.setAttribute("aria-label", nameOf(reply));
  picture.querySelector(".code").textContent = reply.barcode ?? "";
  for (const words of picture.querySelectorAll("p")) words.hidden = !reply.barcode;
  picture.showModal();
}

function banner(text) {
  one(".banner").textContent = text;
  one(".banner").hidden = !text;
}

function listOffices() {
  const items = offices.map((office) => {
    const avatar = make("span", { className: "avatar" });
    avatar.setAttribute("aria-hidden", "true");
    paintAvatar(avatar, office.name);
    return make("li", {}, make("a", { href: `#${office.id}` }, avatar, make("span", {}, office.name)));
  });
  one(".office-list").replaceChildren(...items);
  one(".search").hidden = offices.length < SEARCH_FROM;
}

function search(words) {
  const wanted = words.trim().toLowerCase();
  const items = [...one(".office-list").children];
  items.forEach((item, index) => (item.hidden = !offices[index].name.toLowerCase().includes(wanted)));
  one(".nothing").hidden = items.some((item) => !item.hidden);
}

/** The demo shows who may sign in at the staff desk; elsewhere there is nobody to show. */
async function listLogins() {
  const answer = await fetch("/chat/logins").catch(() => null);
  const logins = answer?.ok ? await answer.json() : [];
  const lines = logins.flatMap(({ id, en, login, password }) => [
    make("dt", {}, id, " ", make("span", { lang: "en" }, en)),
    make("dd", {}, make("code", {}, login), " · ", make("code", {}, password)),
  ]);
  one(".staff dl").replaceChildren(...lines);
  one(".staff").hidden = logins.length === 0;
  one(".record").hidden = logins.length === 0; // recordings can be had in the demo alone
}

/** Follow the address: `#jakarta_pusat` is the conversation with that office. */
function follow() {
  const id = decodeURIComponent(location.hash.slice(1));
  const office = offices.find((known) => known.id === id);
  if (office && office === talk?.office) return;
  talk?.stop();
  talk = office ? new Talk(office) : null;
  document.body.dataset.view = office ? "chat" : "offices";
  document.title = office ? `${office.name} · Antre` : "Antre";
  one("main.chat").hidden = !office;
  one(".lobby").hidden = Boolean(office);
  for (const link of document.querySelectorAll(".office-list a")) {
    if (office && link.hash === `#${office.id}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  if (!office) return;
  one(".office-name").textContent = office.name;
  paintAvatar(one(".bar .avatar"), office.name);
  talk.start();
  if (matchMedia("(hover: hover)").matches) field.focus();
}

function grow() {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
  one(".composer button").disabled = !field.value.trim();
}

function submit(event) {
  event.preventDefault();
  const text = field.value.trim();
  if (!text || !talk) return;
  field.value = "";
  grow();
  talk.say("text", text);
  field.focus();
}

function attach(event) {
  const [file] = event.target.files;
  const caption = field.value.trim();
  event.target.value = "";
  if (!file || !talk) return;
  if (file.size > LARGEST_BYTES) return banner(UNUSABLE);
  field.value = "";
  grow();
  talk.picture(file, caption);
}

/** Download what was said as a recording; what goes wrong stands in the banner. */
async function keep({ currentTarget: button }) {
  const asked = talk;
  if (!asked) return;
  button.disabled = true;
  const problem = await record(asked.office);
  button.disabled = false;
  if (talk === asked) banner(problem);
}

one(".composer").addEventListener("submit", submit);
one(".record").addEventListener("click", keep);
one(".attach input").addEventListener("change", attach);
field.addEventListener("input", grow);
field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
});
one(".search input").addEventListener("input", (event) => search(event.target.value));
log.addEventListener("scroll", () => (atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 80));
// A picture gets its height late, and a keyboard or a banner takes some of ours.
log.addEventListener("load", () => atEnd && toEnd(), true);
new ResizeObserver(() => atEnd && toEnd()).observe(log);
for (const dialog of [sheet, picture]) {
  dialog.querySelector(".shut").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}
sheet.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const rows = [...sheet.querySelectorAll(".row")];
  rows[(rows.indexOf(document.activeElement) + step + rows.length) % rows.length]?.focus();
});
addEventListener("hashchange", follow);

async function begin() {
  for (let pause = 1000; ; pause = Math.min(pause * 2, 15_000)) {
    const answer = await fetch("/chat/offices").catch(() => null);
    if (answer?.ok) {
      offices = await answer.json();
      break;
    }
    await new Promise((done) => setTimeout(done, pause));
  }
  listOffices();
  listLogins();
  const alone = offices.length === 1; // then there is nothing to choose
  document.body.classList.toggle("alone", alone);
  if (alone) location.replace(`#${offices[0].id}`);
  follow();
}

begin();
