// Keys of the editor: lines are indented as those above, Tab indents and, after Esc, moves on.

import { goTo, type } from "./paper.js";

const STEP = "  ";

/**
 * @param {HTMLTextAreaElement} area
 * @param {() => boolean} busy - whether something else takes the keys just now
 */
export function indenting(area, busy) {
  let free = false; // Esc was pressed: Tab leaves the field
  area.addEventListener("keydown", (event) => {
    if (busy() || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === "Escape") free = true;
    else if (event.key === "Tab" && !free) {
      event.preventDefault();
      if (event.shiftKey || area.value.slice(area.selectionStart, area.selectionEnd).includes("\n")) {
        shift(area, event.shiftKey);
      } else type(area, STEP);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      type(area, `\n${indentAfter(area)}`);
    } else if (!["Shift", "Tab"].includes(event.key)) free = false;
  });
  area.addEventListener("focus", () => { free = false; });
}

function indentAfter(area) {
  const start = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const line = area.value.slice(start, area.selectionStart);
  const indent = line.match(/^ */)[0];
  const open = line.replace(/\s+#.*$/, "").trimEnd();
  return /:$/.test(open) || /:\s*[|>][+-]?$/.test(open) ? indent + STEP : indent;
}

function shift(area, back) {
  const { selectionStart: from, selectionEnd: to, value } = area;
  const start = value.lastIndexOf("\n", from - 1) + 1;
  const stop = value.indexOf("\n", Math.max(from, to - 1));
  const end = stop < 0 ? value.length : stop;
  const lines = value.slice(start, end).split("\n");
  const moved = lines.map((line) => (back ? line.replace(/^ {1,2}/, "") : line && STEP + line)).join("\n");
  if (moved === value.slice(start, end)) return;
  area.setSelectionRange(start, end);
  type(area, moved);
  if (lines.length > 1) area.setSelectionRange(start, start + moved.length);
  else area.setSelectionRange(Math.max(start, from + moved.length - (end - start)), Math.max(start, from + moved.length - (end - start)));
}

/**
 * The bar that finds words in the text.
 * @param {HTMLTextAreaElement} area
 * @param {string} nothing - said when nothing is found
 */
export function finding(area, nothing) {
  const bar = document.getElementById("find");
  const words = document.getElementById("find-text");
  const said = document.getElementById("find-said");
  const open = () => {
    const marked = area.value.slice(area.selectionStart, area.selectionEnd);
    if (marked && !marked.includes("\n")) words.value = marked;
    bar.hidden = false;
    words.focus();
    words.select();
  };
  const look = (back) => {
    const text = area.value.toLowerCase();
    const wanted = words.value.toLowerCase();
    if (!wanted) return;
    let at = back ? text.lastIndexOf(wanted, area.selectionStart - 1) : text.indexOf(wanted, area.selectionEnd);
    if (back && area.selectionStart === 0) at = -1;
    if (at < 0) at = back ? text.lastIndexOf(wanted) : text.indexOf(wanted);
    said.textContent = at < 0 ? nothing : "";
    if (at < 0) return;
    const before = text.slice(0, at).split("\n");
    goTo(area, before.length, before.at(-1).length + 1);
    area.setSelectionRange(at, at + wanted.length);
  };
  document.getElementById("find-open").hidden = false;
  document.getElementById("find-open").addEventListener("click", open);
  document.getElementById("find-next").addEventListener("click", () => look(false));
  document.getElementById("find-previous").addEventListener("click", () => look(true));
  words.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      look(event.shiftKey);
      words.focus();
    } else if (event.key === "Escape") {
      bar.hidden = true;
      area.focus();
    }
  });
  area.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f") {
      event.preventDefault();
      open();
    }
  });
}
