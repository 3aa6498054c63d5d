// What may stand at the caret: asked of the server, chosen with the arrows, taken with Tab or Enter.

import { placeOf, type } from "./paper.js";

const PAUSE_MS = 150;
const MOST = 60;

/**
 * @param {HTMLElement} box @param {import("./paper.js").Paper} paper
 * @param {(fields: object) => Promise<any>} ask - asks the server; gives nothing when it cannot
 * @param {(count: number) => void} told - says how many there are to choose from
 */
export function completing(box, paper, ask, told) {
  const { area } = paper;
  let list = null;
  let items = [];
  let start = 0;
  let at = 0;
  let moved = false;
  let timer = 0;
  let asked = 0;

  const close = () => {
    list?.remove();
    list = null;
    clearTimeout(timer);
    area.removeAttribute("aria-activedescendant");
    area.removeAttribute("aria-controls");
  };
  const choose = (next) => {
    list.children[at]?.setAttribute("aria-selected", "false");
    at = (next + items.length) % items.length;
    const now = list.children[at];
    now.setAttribute("aria-selected", "true");
    now.scrollIntoView({ block: "nearest" });
    area.setAttribute("aria-activedescendant", now.id);
  };
  const take = () => {
    const { insert } = items[at];
    close();
    area.setSelectionRange(start, area.selectionStart);
    type(area, insert);
    if (/[\s{[:]$/.test(insert)) open(false);
  };
  const show = (said, wanted) => {
    close();
    const { line, column } = placeOf(area);
    start = area.selectionStart - (column - said.start);
    const typed = area.value.slice(start, area.selectionStart);
    items = said.candidates.slice(0, MOST);
    if (!items.length || (!wanted && items.length === 1 && items[0].label === typed)) return;
    list = document.createElement("ul");
    list.className = "offers";
    list.id = "offers";
    list.setAttribute("role", "listbox");
    for (const [number, each] of items.entries()) {
      const row = list.appendChild(document.createElement("li"));
      row.id = `offer-${number}`;
      row.setAttribute("role", "option");
      row.appendChild(document.createElement("b")).textContent = each.label;
      if (each.about) row.appendChild(document.createElement("span")).textContent = each.about;
      row.addEventListener("mousedown", (event) => {
        event.preventDefault();
        choose(number);
        take();
      });
    }
    box.append(list);
    const spot = paper.spot(line, said.start);
    const below = spot.top + list.offsetHeight < box.clientHeight;
    list.style.left = `${Math.max(4, Math.min(spot.left, box.clientWidth - list.offsetWidth - 4))}px`;
    list.style.top = `${below ? spot.top : Math.max(0, spot.top - spot.row - list.offsetHeight)}px`;
    area.setAttribute("aria-controls", "offers");
    moved = wanted;
    choose(0);
    told(items.length);
  };
  async function open(wanted) {
    const number = (asked += 1);
    const offset = area.selectionStart;
    const said = await ask(placeOf(area));
    if (said && number === asked && offset === area.selectionStart && document.activeElement === area) show(said, wanted);
  }

  area.addEventListener("input", (event) => {
    close();
    asked += 1;
    if (event.inputType === "insertText" && /[\w{[, :"]/.test(event.data ?? "")) {
      timer = setTimeout(() => open(false), PAUSE_MS);
    } else if (event.inputType === "deleteContentBackward") timer = setTimeout(() => open(false), PAUSE_MS);
  });
  area.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.key === " ") {
      event.preventDefault();
      open(true);
      return;
    }
    if (!list) return;
    const keys = {
      ArrowDown: () => { moved = true; choose(at + 1); },
      ArrowUp: () => { moved = true; choose(at - 1); },
      Tab: take,
      Enter: take,
      Escape: close,
    };
    if (!keys[event.key] || (event.key === "Enter" && !moved)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    keys[event.key]();
  });
  area.addEventListener("blur", close);
  area.addEventListener("scroll", close);
  area.addEventListener("click", close);
}
