// On paper every plot has its figures beneath it: tables are opened to print, and closed again.

const closed = [];
addEventListener("beforeprint", () => {
  for (const table of document.querySelectorAll("details:not([open])")) closed.push(table), (table.open = true);
});
addEventListener("afterprint", () => {
  for (const table of closed.splice(0)) table.open = false;
});
