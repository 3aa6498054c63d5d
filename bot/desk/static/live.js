// Pages that follow what happens: show what the server sends, say when the connection is lost.

const TOLD_AFTER_MS = 1500; // a moment without connection is nobody's concern

/**
 * Follow a stream of the desk.
 * @param {string} url - a route with `live=True`
 * @param {(state: any) => void} show - called with each state; the first comes at once
 * @returns {() => void} stops following
 */
export function follow(url, show) {
  const banner = document.querySelector(".offline");
  let source = null;
  let timer = 0;
  let again = 0;

  const connected = () => {
    clearTimeout(timer);
    timer = 0;
    if (banner) banner.hidden = true;
  };
  const open = () => {
    source = new EventSource(url);
    source.onopen = connected;
    source.onmessage = (event) => show(JSON.parse(event.data));
    source.addEventListener("ended", () => location.reload()); // signed out: the page says so
    source.onerror = () => {
      if (!timer) timer = setTimeout(() => { if (banner) banner.hidden = false; }, TOLD_AFTER_MS);
      if (source.readyState === EventSource.CLOSED) again = setTimeout(open, 3000); // refused: 503, 401
    };
  };
  open();
  return () => {
    clearTimeout(timer);
    clearTimeout(again);
    source.close();
  };
}

/**
 * Send a form's worth of fields, as a script.
 * @param {string} url
 * @param {Record<string, string>} fields
 * @returns {Promise<any>} what the server answered
 * @throws {Error} with the server's own sentence
 */
export async function send(url, fields = {}) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { Accept: "application/json", "X-CSRF-Token": document.querySelector("meta[name=csrf]").content },
    body: new URLSearchParams(fields),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.error);
  return said;
}
