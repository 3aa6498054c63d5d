// What every page of the desk does: a choice is sent as soon as it is made.

for (const field of document.querySelectorAll("[data-send-on-change]")) {
  field.form.classList.add("by-itself");
  field.addEventListener("change", () => field.form.requestSubmit());
}
