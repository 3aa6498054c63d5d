// The elements of a conversation: bubbles, buttons, day marks.

import { formatted } from "./format.js";

const TIME = new Intl.DateTimeFormat("id-ID", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("id-ID", { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const STATES = {
  pending: "Menunggu dikirim (waiting)",
  saved: "Terkirim (sent)",
  answered: "Dijawab (answered)",
  failed: "Tidak terkirim (not sent)",
};

/** An element with properties and children; strings become text. */
export function make(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

export function icon(name) {
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#${name}`);
  drawn.setAttribute("aria-hidden", "true");
  drawn.append(use);
  return drawn;
}

// Words that stand in many offices' names and tell none apart.
const RANKS = /^(kantor|imigrasi|kanim|kelas|khusus|non|tpi|[ivx]+)$/i;

/** A round of initials; the colour follows the name. */
export function paintAvatar(span, name) {
  const words = name.split(/\s+/).filter((word) => word && !RANKS.test(word));
  span.textContent = words.slice(0, 2).map((word) => word[0].toUpperCase()).join("");
  span.dataset.tone = [...name].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 6;
}

/** A mark for the day of `at`, or nothing when the day is that of `previous`. */
export function dayMark(at, previous) {
  const [day, before] = [at, previous].map((when) => when && new Date(when).toDateString());
  if (day === before) return null;
  const ago = Math.round((new Date().setHours(0, 0, 0, 0) - new Date(at).setHours(0, 0, 0, 0)) / 86_400_000);
  return make("p", { className: "day" }, ["Hari ini", "Kemarin"][ago] ?? DAY.format(new Date(at)));
}

function shown({ kind, title, text }) {
  return kind === "image" ? `📷 ${text || "Foto"}` : title || text;
}

/** What the visitor wrote, tapped or sent. */
export function ownBubble(message) {
  const words = make("p", { className: "words", dir: "auto" }, formatted(shown(message)));
  const meta = make("span", { className: "meta" }, make("time"), make("span", { className: "tick" }));
  const bubble = make("article", { className: "bubble own" }, words, meta);
  bubble.dataset.id = message.id;
  return bubble;
}

/** Show how far an own bubble got: pending, saved, answered or failed. */
export function mark(bubble, state, at = "") {
  bubble.dataset.state = state;
  if (at) showTime(bubble, at);
  const tick = bubble.querySelector(".tick");
  tick.replaceChildren(icon(state));
  tick.setAttribute("role", "img");
  tick.setAttribute("aria-label", STATES[state]);
}

/** What a reply's picture is called. */
export function nameOf({ barcode, picture }) {
  return barcode ? `Barcode ${barcode}` : `Gambar ${picture.name}`;
}

/** What the bot says. `tap(button)`, `openList(reply)` and `enlarge(reply)` do what they say. */
export function replyBubble(reply, at, { tap, openList, enlarge }) {
  const bubble = make("article", { className: reply.by ? "bubble staff" : "bubble" });
  if (reply.by) bubble.append(make("p", { className: "who" }, "Petugas (staff)"));
  if (reply.image) {
    const picture = make("img", { src: reply.image, alt: nameOf(reply) });
    const frame = make("button", { type: "button", className: "frame", onclick: () => enlarge(reply) }, picture);
    frame.setAttribute("aria-label", `Perbesar (enlarge): ${nameOf(reply)}`);
    bubble.append(frame);
  }
  bubble.append(...enclosures(reply));
  bubble.append(
    make("p", { className: "words", dir: "auto" }, formatted(reply.text)),
    make("span", { className: "meta" }, make("time")),
  );
  showTime(bubble, at);
  if (reply.menu) {
    const open = make("button", { type: "button", className: "tap", onclick: () => openList(reply) }, icon("list"), reply.menu);
    open.setAttribute("aria-haspopup", "dialog");
    bubble.append(make("div", { className: "taps" }, open));
  } else if (reply.buttons) {
    bubble.append(make("div", { className: "taps" }, ...reply.buttons.map((button) => tapOf(button, tap))));
  }
  return bubble;
}

/** A place on the map, a card for one's contacts, a file to keep: each a link that opens or saves it. */
function enclosures({ location, contact, vcard, document, file }) {
  const links = [];
  if (location) {
    const { latitude, longitude, name, address } = location;
    const href = `geo:${latitude},${longitude}?q=${latitude},${longitude}`;
    const below = [address, `${latitude}, ${longitude}`].filter(Boolean).join(" · ");
    links.push(enclosure({ href }, "📍", name || "Lokasi (location)", below));
  }
  if (contact) {
    const href = `data:text/vcard;charset=utf-8,${encodeURIComponent(vcard)}`;
    links.push(enclosure({ href, download: `${contact.name}.vcf` }, "👤", contact.name, contact.phones.join(", ")));
  }
  if (file) links.push(enclosure({ href: file, download: document.name }, "📄", document.name, "PDF"));
  return links;
}

function enclosure(properties, sign, title, below) {
  const mark = make("span", { className: "sign" }, sign);
  mark.setAttribute("aria-hidden", "true");
  return make("a", { className: "enclosure", ...properties }, mark, make("span", {}, make("strong", {}, title), make("small", {}, below)));
}

/** Put an emoji on an own bubble; another one takes its place. */
export function react(bubble, emoji) {
  const put = bubble.querySelector(".reaction") ?? bubble.appendChild(make("span", { className: "reaction" }));
  put.textContent = emoji;
  put.setAttribute("role", "img");
  put.setAttribute("aria-label", `Reaksi (reaction): ${emoji}`);
}

function tapOf(button, tap) {
  const made = make("button", { type: "button", className: "tap", onclick: () => tap(button) }, button.title);
  made.dataset.payload = button.payload;
  return made;
}

/** A row of an opened list. */
export function row(button, choose) {
  const made = make("button", { type: "button", className: "row", onclick: () => choose(button) });
  made.append(make("strong", {}, button.title));
  if (button.description) made.append(make("span", {}, button.description));
  return made;
}

/** Three dots while an answer is being made. */
export function typingBubble() {
  const dots = make("p", { className: "bubble typing", hidden: true }, make("i"), make("i"), make("i"));
  dots.setAttribute("aria-hidden", "true"); // the answer itself is announced
  return dots;
}

/** What an empty conversation shows. */
export function invitation(say) {
  const hello = "Selamat pagi";
  return make(
    "div",
    { className: "invitation" },
    make("p", {}, "Tulis apa saja untuk mulai."),
    make("p", { lang: "en" }, "Write anything to begin."),
    make("button", { type: "button", className: "chip", onclick: () => say(hello) }, `${hello} 👋`),
  );
}

function showTime(bubble, at) {
  const time = bubble.querySelector("time");
  time.dateTime = at;
  time.textContent = TIME.format(new Date(at));
}
