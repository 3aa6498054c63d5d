// Reads a barcode with the camera, where the browser can.

const button = document.querySelector("[data-camera]");
const view = document.querySelector("[data-camera-view]");
const video = view.querySelector("video");
const field = document.querySelector("#code");
const LOOK_EVERY_MS = 200;

let stream = null;

function stop() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  view.hidden = true;
  button.hidden = false;
  field.focus();
}

async function look(detector) {
  if (!stream) return;
  const [found] = video.readyState >= 2 ? await detector.detect(video) : [];
  if (found) {
    field.value = found.rawValue;
    stop();
    field.form.requestSubmit();
    return;
  }
  setTimeout(() => look(detector), LOOK_EVERY_MS);
}

async function start(detector) {
  document.querySelector("[data-camera-denied]").hidden = true;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    document.querySelector("[data-camera-denied]").hidden = false;
    return;
  }
  video.srcObject = stream;
  view.hidden = false;
  button.hidden = true;
  await video.play();
  look(detector);
}

async function readable() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return [];
  const known = await BarcodeDetector.getSupportedFormats();
  return ["code_128", "qr_code"].filter((format) => known.includes(format));
}

const formats = await readable();
if (formats.length) {
  button.hidden = false;
  button.addEventListener("click", () => start(new BarcodeDetector({ formats })));
  view.querySelector("[data-camera-stop]").addEventListener("click", stop);
} else {
  document.querySelector("[data-camera-none]").hidden = false;
}
