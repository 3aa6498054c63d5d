// Phones of applicants. What was said stands on the server; this page asks for what is new.
import { bubble, mark } from "/phone/bubble.js";

const POLL_MS = 700;
const at = (id) => document.getElementById(id);
const lines = new Map(); // by message id, in the order they came
const bubbles = new Map(); // their elements, so that an opened menu stays open
let offices = [];
let open = null; // {account, person, profile}
let after = 0;

const key = (line) => `${line.account} ${line.person}`;
const officeOf = (account) => offices.find((office) => office.account === account);

async function ask(path, options) {
  const response = await fetch(`/_control/${path}`, options);
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

function complain(error) {
  at("trouble").textContent = error ? String(error.message ?? error) : "";
}

function said(content) {
  const office = officeOf(open.account);
  return { from: open.person, to: office.number, profile: open.profile || "Rina", ...content };
}

async function say(content) {
  try {
    await ask("say", { method: "POST", body: JSON.stringify(said(content)) });
    await poll();
  } catch (error) {
    complain(error);
  }
}

async function sendFile(file) {
  const form = new FormData();
  form.append("said", JSON.stringify(said({ text: at("words").value })));
  form.append("file", file);
  try {
    await ask("file", { method: "POST", body: form });
    at("words").value = "";
    await poll();
  } catch (error) {
    complain(error);
  }
}

function show(account, person, profile) {
  open = { account, person, profile };
  at("phone").hidden = false;
  at("title").textContent = officeOf(account)?.name ?? account;
  at("from").textContent = `${officeOf(account)?.number ?? account} · on the phone of ${person}`;
  drawLines();
  drawPhones();
  at("words").focus();
}

function drawLines() {
  const mine = [...lines.values()].filter((line) => open && key(line) === key(open));
  for (const line of mine) {
    if (!bubbles.has(line.id)) bubbles.set(line.id, bubble(line, say));
    mark(bubbles.get(line.id), line.status);
  }
  const shown = mine.map((line) => bubbles.get(line.id));
  const list = at("lines");
  const same = shown.length === list.children.length && shown.every((each, n) => each === list.children[n]);
  if (same) return;
  list.replaceChildren(...shown);
  list.scrollTop = list.scrollHeight;
}

function drawPhones() {
  const phones = new Map(open ? [[key(open), { ...open, last: "" }]] : []);
  for (const line of lines.values()) {
    const last = line.message[line.message.type]?.body ?? "";
    phones.set(key(line), { ...line, last: typeof last === "string" ? last : (last.text ?? "") });
  }
  at("phones").replaceChildren(
    ...[...phones.values()].map(({ account, person, last }) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      const small = document.createElement("small");
      button.append(`${person} → ${officeOf(account)?.name ?? account}`, small);
      small.textContent = last.split("\n")[0];
      button.setAttribute("aria-current", String(open !== null && key(open) === `${account} ${person}`));
      button.onclick = () => show(account, person, at("profile").value);
      item.append(button);
      return item;
    }),
  );
}

async function poll() {
  const news = await ask(`chats?after=${after}`);
  complain(news.trouble);
  if (news.changes < after) {
    location.reload(); // the stand-in was started anew
    return;
  }
  after = news.changes;
  if (!news.lines.length) return;
  for (const line of news.lines) lines.set(line.id, line);
  drawLines();
  drawPhones();
}

async function watch() {
  try {
    await poll();
  } catch (error) {
    complain(error);
  }
  setTimeout(watch, POLL_MS);
}

async function drawBehaviour() {
  const now = await ask("behaviour");
  at("behaviour").replaceChildren(
    ...Object.entries(now).map(([name, value]) => {
      const label = document.createElement("label");
      const input = document.createElement("input");
      const flag = typeof value === "boolean";
      Object.assign(input, flag ? { type: "checkbox", checked: value } : { type: "number", min: 0, step: "any", value });
      input.onchange = () =>
        ask("behaviour", {
          method: "POST",
          body: JSON.stringify({ [name]: flag ? input.checked : Number(input.value) }),
        }).catch(complain);
      label.append(name.replaceAll("_", " "), input);
      return label;
    }),
  );
}

at("new").onsubmit = (event) => {
  event.preventDefault();
  show(at("office").value, at("person").value, at("profile").value);
};
at("composer").onsubmit = (event) => {
  event.preventDefault();
  const text = at("words").value;
  at("words").value = "";
  if (text.trim()) say({ text });
};
at("attach").onclick = () => at("file").click();
at("file").onchange = () => {
  const [file] = at("file").files;
  at("file").value = "";
  if (file) sendFile(file);
};
at("voice").onclick = () => sendFile(new File(["OggS: nothing is said"], "voice.ogg", { type: "audio/ogg" }));
at("place").onclick = () => say({ location: { latitude: -6.1754, longitude: 106.8272 } });

offices = await ask("numbers");
at("office").replaceChildren(...offices.map(({ account, number, name }) => new Option(`${name} · ${number}`, account)));
await drawBehaviour();
watch();
