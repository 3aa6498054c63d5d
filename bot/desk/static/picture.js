// The picture of the flow beside its text: a state leads to its line, and the caret to its state.

const READABLE = 0.7; // of a picture's own size: smaller only if somebody asks

/** @param {HTMLElement} aside @param {(line: number) => void} chosen @param {DOMStringMap} words */
export function picture(aside, chosen, words) {
  const sheet = document.getElementById("diagram");
  const old = document.getElementById("picture-old");
  let lines = {};
  let size = null;
  let scale = Number(sessionStorage.getItem("picture-scale")) || 0;

  const zoom = (by) => {
    const drawn = sheet.querySelector("svg");
    if (!drawn) return;
    const fitting = Math.max(READABLE, Math.min(1, sheet.clientWidth / size.width));
    scale = Math.min(2, Math.max(0.25, (scale || fitting) * by));
    sessionStorage.setItem("picture-scale", String(scale));
    drawn.setAttribute("width", String(Math.round(size.width * scale)));
    drawn.setAttribute("height", String(Math.round(size.height * scale)));
  };
  const choose = (target) => {
    const state = target.closest?.("[data-state]")?.dataset.state;
    if (state && lines[state]) chosen(lines[state]);
  };
  document.getElementById("smaller").addEventListener("click", () => zoom(1 / 1.25));
  document.getElementById("larger").addEventListener("click", () => zoom(1.25));
  sheet.addEventListener("click", (event) => choose(event.target));
  sheet.addEventListener("keydown", (event) => {
    if ((event.key === "Enter" || event.key === " ") && event.target.dataset.state) {
      event.preventDefault();
      choose(event.target);
    }
  });

  /** Scroll the picture, and nothing around it, until a box is seen. */
  const reveal = (one) => {
    const [seen, wanted] = [sheet.getBoundingClientRect(), one.getBoundingClientRect()];
    const outside = wanted.left < seen.left || wanted.right > seen.right || wanted.top < seen.top || wanted.bottom > seen.bottom;
    if (!outside) return;
    sheet.scrollLeft += wanted.left + wanted.width / 2 - (seen.left + seen.width / 2);
    sheet.scrollTop += wanted.top + wanted.height / 2 - (seen.top + seen.height / 2);
  };

  return {
    /** Show a new picture; without one the last stays, and is said to be old. */
    show(svg, where) {
      aside.hidden = false;
      old.hidden = Boolean(svg);
      sheet.classList.toggle("old", !svg);
      old.textContent = sheet.querySelector("svg") ? words.oldPicture : words.noPicture;
      if (!svg) return;
      const drawn = document.importNode(new DOMParser().parseFromString(svg, "image/svg+xml").documentElement, true);
      const { scrollLeft, scrollTop } = sheet;
      sheet.replaceChildren(drawn);
      size = { width: drawn.viewBox.baseVal.width, height: drawn.viewBox.baseVal.height };
      lines = where;
      for (const box of drawn.querySelectorAll("[data-state]")) {
        if (!lines[box.dataset.state]) continue;
        box.setAttribute("tabindex", "0");
        box.setAttribute("role", "button");
        box.setAttribute("aria-label", words.toState.replace("#", box.dataset.state));
      }
      drawn.removeAttribute("role");
      zoom(1);
      sheet.scrollTo(scrollLeft, scrollTop);
    },
    /** Mark the state in which a line of the text stands. */
    here(line) {
      const above = Object.entries(lines).filter(([, begins]) => begins <= line);
      const [state] = above.reduce((last, each) => (each[1] > last[1] ? each : last), ["", 0]);
      const [before, now] = [sheet.querySelector(".here"), sheet.querySelector(`[data-state="${CSS.escape(state)}"]`)];
      if (before === now) return;
      before?.classList.remove("here");
      now?.classList.add("here");
      if (now) reveal(now);
    },
  };
}
