// Reads a barcode with the camera, where the browser can. The camera is on while it is looked through, and no longer.

const button = document.querySelector("[data-camera]");
const view = document.querySelector("[data-camera-view]");
const video = view.querySelector("video");
const field = document.querySelector("#code");
const missing = document.querySelector("[data-camera-missing]");
const denied = document.querySelector("[data-camera-denied]");
const LOOK_EVERY_MS = 200;

let stream = null;

function close() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  video.srcObject = null;
  view.hidden = true;
  button.hidden = false;
}

function stop() {
  close();
  field.focus();
}

async function read(detector) {
  try {
    return video.readyState >= 2 ? await detector.detect(video) : [];
  } catch {
    return []; // one picture that cannot be read; the next is looked at like any other
  }
}

async function look(detector, through) {
  const [found] = await read(detector);
  if (stream !== through) return; // closed meanwhile
  if (found) {
    field.value = found.rawValue;
    stop();
    field.form.requestSubmit();
    return;
  }
  setTimeout(() => look(detector, through), LOOK_EVERY_MS);
}

async function start(detector) {
  missing.hidden = denied.hidden = true;
  button.disabled = true; // a second press would open a second camera that nobody closes
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch (error) {
    (error.name === "NotFoundError" ? missing : denied).hidden = false;
    return;
  } finally {
    button.disabled = false;
  }
  if (document.hidden) return close(); // they went elsewhere while they were asked
  stream.getVideoTracks()[0].addEventListener("ended", close); // unplugged, or forbidden in between
  video.srcObject = stream;
  view.hidden = false;
  button.hidden = true;
  view.querySelector("[data-camera-stop]").focus();
  look(detector, stream);
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
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && stream) close();
  });
} else {
  document.querySelector("[data-camera-none]").hidden = false;
}
