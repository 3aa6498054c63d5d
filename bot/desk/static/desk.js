// What every page of the desk does: a choice is sent as soon as it is made, and a menu that is wider
// than the screen shows where one is.

for (const field of document.querySelectorAll("[data-send-on-change]")) {
  field.form.classList.add("by-itself");
  field.addEventListener("change", () => field.form.requestSubmit());
}

const here = document.querySelector(".menu [aria-current]");
if (here) {
  const menu = here.parentElement;
  menu.scrollLeft = here.offsetLeft - menu.offsetLeft - (menu.clientWidth - here.offsetWidth) / 2;
}
