// What lies behind and beside the text: colours, line numbers, and findings at their line.

import { painted } from "./yaml.js";

/** A textarea with its lines numbered and coloured. */
export class Paper {
  /**
   * @param {HTMLElement} box - around the textarea
   * @param {HTMLTextAreaElement} area
   * @param {(line: number) => void} chosen - called with the number of a line that is clicked
   */
  constructor(box, area, chosen) {
    this.area = area;
    this.lines = [];
    this.findings = new Map();
    const gutter = element("div", "gutter");
    gutter.setAttribute("aria-hidden", "true");
    this.numbers = gutter.appendChild(document.createElement("ol"));
    const behind = element("div", "behind-text");
    behind.setAttribute("aria-hidden", "true");
    this.paint = behind.appendChild(element("pre", "paint"));
    box.prepend(gutter, behind);
    box.classList.add("painted");
    this.numbers.addEventListener("click", (event) => {
      const at = [...this.numbers.children].indexOf(event.target.closest("li"));
      if (at >= 0) chosen(at + 1);
    });
    area.addEventListener("scroll", () => this.follow());
    new ResizeObserver(() => this.follow()).observe(area);
  }

  /** Show the text as it is now; only lines that differ are made anew. */
  draw() {
    const now = this.area.value.split("\n");
    const before = this.lines;
    let top = 0;
    while (top < now.length && top < before.length && now[top] === before[top]) top += 1;
    let end = 0;
    const most = Math.min(now.length, before.length) - top;
    while (end < most && now[now.length - 1 - end] === before[before.length - 1 - end]) end += 1;
    for (let n = before.length - end; n > top; n -= 1) this.paint.children[n - 1].remove();
    const next = this.paint.children[top] ?? null;
    for (const line of now.slice(top, now.length - end)) {
      const row = document.createElement("div");
      row.append(painted(line));
      this.paint.insertBefore(row, next);
    }
    while (this.numbers.children.length < now.length) {
      const number = document.createElement("li");
      number.textContent = String(this.numbers.children.length + 1);
      this.numbers.append(number);
    }
    while (this.numbers.children.length > now.length) this.numbers.lastChild.remove();
    this.lines = now;
    this.follow();
  }

  /**
   * Show findings at their lines, instead of those before.
   * @param {{line: number, message: string, warning: boolean}[]} findings
   */
  mark(findings) {
    for (const row of [...this.paint.children, ...this.numbers.children]) {
      row.classList.remove("mistake", "warned");
      row.removeAttribute("title");
      row.querySelector(".complaint")?.remove();
    }
    for (const each of findings) {
      const at = Math.min(Math.max(each.line, 1), this.lines.length) - 1;
      const [row, number] = [this.paint.children[at], this.numbers.children[at]];
      const kind = each.warning && !row.classList.contains("mistake") ? "warned" : "mistake";
      for (const one of [row, number]) {
        one.classList.remove("warned");
        one.classList.add(kind);
      }
      number.title = number.title ? `${number.title}\n${each.message}` : each.message;
      if (!row.querySelector(".complaint")) {
        const said = element("span", "complaint");
        said.textContent = each.message;
        row.append(said);
      }
    }
  }

  /** Keep to where the text is scrolled. */
  follow() {
    this.paint.style.transform = `translate(${-this.area.scrollLeft}px, ${-this.area.scrollTop}px)`;
    this.numbers.style.transform = `translateY(${-this.area.scrollTop}px)`;
    this.paint.parentElement.style.height = `${this.area.clientHeight}px`;
  }

  /** Number the caret's line. */
  here() {
    this.numbers.querySelector(".here")?.classList.remove("here");
    this.numbers.children[placeOf(this.area).line - 1]?.classList.add("here");
  }

  /** Where something on a line and column stands in the box, in pixels. */
  spot(line, column) {
    const style = getComputedStyle(this.area);
    const row = parseFloat(style.lineHeight);
    const probe = element("span", "");
    probe.textContent = "0".repeat(50);
    this.paint.append(probe);
    const wide = probe.getBoundingClientRect().width / 50;
    probe.remove();
    return {
      left: this.area.offsetLeft + 8 + (column - 1) * wide - this.area.scrollLeft,
      top: 8 + line * row - this.area.scrollTop,
      row,
    };
  }
}

/** The line and column of the caret, or of an offset; both from 1. */
export function placeOf(area, offset = area.selectionStart) {
  const before = area.value.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: offset - before.lastIndexOf("\n") };
}

/** Put the caret on a line and column, and scroll there. */
export function goTo(area, line, column = 1) {
  const lines = area.value.split("\n");
  const at = Math.min(Math.max(line, 1), lines.length);
  const start = lines.slice(0, at - 1).reduce((sum, each) => sum + each.length + 1, 0);
  const offset = start + Math.min(Math.max(column, 1) - 1, lines[at - 1].length);
  area.focus({ preventScroll: true });
  area.setSelectionRange(offset, offset);
  const row = parseFloat(getComputedStyle(area).lineHeight);
  area.scrollTop = Math.max(0, (at - 1) * row - area.clientHeight / 3);
  area.scrollLeft = 0;
  area.dispatchEvent(new Event("caret"));
}

/** Put text in place of what is selected, so that Ctrl+Z takes it back. */
export function type(area, text) {
  area.focus();
  if (!document.execCommand("insertText", false, text)) {
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input"));
  }
}

function element(name, kind) {
  const made = document.createElement(name);
  made.className = kind;
  return made;
}
