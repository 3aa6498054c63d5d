// The calendar follows what happens: figures as they change; a page that is out of date is loaded anew.

import { follow } from "./live.js";

const RELOAD_MS = 1500;

const month = document.querySelector("[data-live]");
if (month) {
  follow(month.dataset.live, ({ version, figures }) => {
    if (version !== month.dataset.version) return location.reload();
    for (const element of month.querySelectorAll("[data-figure]")) {
      const figure = figures[element.dataset.figure];
      if (figure === undefined) continue;
      element.textContent = figure;
      const [taken, quota] = figure.split("/").map(Number);
      element.parentElement.classList.toggle("full", taken >= quota);
    }
  });
}

// A change that is being carried out: look again until it is done.
if (document.querySelector("[data-work]")) setTimeout(() => location.reload(), RELOAD_MS);
