// The way of a conversation: arrow keys change the turn, the picture is zoomed and brought to
// where the conversation stands. Without this the links do the same.
const picture = document.querySelector(".picture");
const drawing = picture?.querySelector("svg");
const zoomed = "antre.inspect.zoom";

document.querySelector(".turns [aria-current]")?.scrollIntoView({ block: "nearest" });

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const where = event.target;
  if (where.closest("input, select, textarea, .picture")) return;
  const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  const link = rel && document.querySelector(`a[rel="${rel}"]`);
  if (!link) return;
  event.preventDefault();
  location.assign(link.href);
});

if (drawing) {
  const { width, height } = drawing.viewBox.baseVal;
  let scale = Number(sessionStorage.getItem(zoomed)) || 1;

  const draw = () => {
    drawing.setAttribute("width", width * scale);
    drawing.setAttribute("height", height * scale);
  };

  const zoom = (by) => {
    const x = (picture.scrollLeft + picture.clientWidth / 2) / scale;
    const y = (picture.scrollTop + picture.clientHeight / 2) / scale;
    scale = Math.min(3, Math.max(0.2, scale * by));
    sessionStorage.setItem(zoomed, scale);
    draw();
    picture.scrollLeft = x * scale - picture.clientWidth / 2;
    picture.scrollTop = y * scale - picture.clientHeight / 2;
  };

  draw();
  const open = drawing.querySelector(".here") || drawing.querySelector(".now");
  if (open) {
    const box = open.getBoundingClientRect();
    const frame = picture.getBoundingClientRect();
    picture.scrollLeft += box.left + box.width / 2 - frame.left - frame.width / 2;
    picture.scrollTop += box.top + box.height / 2 - frame.top - frame.height / 2;
  }

  const buttons = document.querySelector(".zoom");
  buttons.hidden = false;
  for (const button of buttons.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => zoom(Number(button.dataset.zoom)));
  }
  picture.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 1.1 : 1 / 1.1);
  }, { passive: false });
  picture.addEventListener("keydown", (event) => {
    const by = { "+": 1.25, "=": 1.25, "-": 0.8 }[event.key];
    if (by) zoom(by);
  });
}
