// The applicants' page with a little more comfort; all of it works without.

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

for (const field of document.querySelectorAll("[data-seeks]")) {
  const list = document.getElementById(field.dataset.seeks);
  const none = document.getElementById(`${field.dataset.seeks}-none`);
  field.parentElement.hidden = false;
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    const items = [...list.children];
    for (const item of items) item.hidden = !item.textContent.toLowerCase().includes(wanted);
    none.hidden = items.some((item) => !item.hidden);
  });
}
