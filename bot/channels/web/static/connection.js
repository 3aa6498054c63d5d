// The socket of one conversation, and the messages the server has not acknowledged yet.
//
// One message is under way at a time, so they arrive in the order they were written. What is not
// acknowledged is sent again, under the same id, after a reconnection and after a reload of the
// page; the server takes an id only once.

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;
const ACK_MS = 20_000;
const TOO_BIG = 1009;
const TOO_MANY_PAGES = 4001;

/** `size` random bytes as base64url. */
export function randomId(size = 16) {
  const bytes = crypto.getRandomValues(new Uint8Array(size));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

export class Connection {
  /**
   * `page` hears what happens: `turns(list)`, `acked(id)`, `failed(id, text)`, `troubled(text)`,
   * `connected(yes)`, `replaced()`; and is asked for the id of its `lastTurn()`.
   */
  constructor(office, page) {
    this.query = { office };
    this.page = page;
    this.pause = FIRST_PAUSE_MS;
    this.ready = false;
    this.underway = "";
    this.closed = false;
    this.storageKey = `antre.unsent.${office}`;
    this.unsent = restored(this.storageKey);
    this.hurry = () => document.visibilityState === "visible" && this.reconnectNow();
    addEventListener("online", this.hurry);
    document.addEventListener("visibilitychange", this.hurry);
  }

  /** Queue `{id, kind, text, title}`; it is sent as soon as it can be. */
  send(message) {
    this.unsent.push(message);
    this.keep();
    this.pump();
  }

  close() {
    this.closed = true;
    removeEventListener("online", this.hurry);
    document.removeEventListener("visibilitychange", this.hurry);
    clearTimeout(this.retry);
    clearTimeout(this.patience);
    if (!this.socket) return;
    this.socket.onmessage = null;
    // To break off a handshake counts as an error in the browser's eyes.
    if (this.socket.readyState === WebSocket.CONNECTING) this.socket.onopen = (event) => event.target.close();
    else this.socket.close();
  }

  /** Connect, and from then on stay connected; what was queued before is sent. */
  open() {
    clearTimeout(this.retry);
    const query = new URLSearchParams({ ...this.query, after: this.page.lastTurn() });
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.socket = new WebSocket(`${scheme}://${location.host}/chat/socket?${query}`);
    this.socket.onmessage = (event) => this.received(JSON.parse(event.data));
    this.socket.onclose = (event) => this.lost(event.code);
  }

  reconnectNow() {
    if (this.socket?.readyState !== WebSocket.CLOSED || this.closed) return;
    this.pause = FIRST_PAUSE_MS;
    this.open();
  }

  lost(code) {
    this.ready = false;
    clearTimeout(this.patience);
    clearTimeout(this.retry);
    if (this.closed) return;
    const culprit = this.underway;
    this.underway = "";
    if (code === TOO_BIG) this.drop(culprit, "");
    if (code === TOO_MANY_PAGES) {
      this.close();
      this.page.replaced();
      return;
    }
    this.page.connected(false);
    // Spread out: after a restart every page comes back at once.
    this.retry = setTimeout(() => this.open(), this.pause * (0.5 + Math.random()));
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MS);
  }

  received(frame) {
    if (frame.type === "turns") {
      this.page.turns(frame.turns);
      if (!this.ready) {
        this.ready = true;
        this.pause = FIRST_PAUSE_MS;
        this.page.connected(true);
        this.pump();
      }
    } else if (frame.type === "ack") {
      this.settle(frame.id);
      this.page.acked(frame.id);
      this.pump();
    } else if (frame.type === "error" && frame.retry_seconds) {
      clearTimeout(this.patience);
      this.page.troubled(frame.text);
      this.retry = setTimeout(() => {
        this.underway = "";
        this.pump();
      }, frame.retry_seconds * 1000);
    } else if (frame.type === "error") {
      this.drop(frame.id || this.underway, frame.text);
      this.pump();
    }
  }

  pump() {
    if (!this.ready || this.underway || !this.unsent.length) return;
    const [message] = this.unsent;
    this.underway = message.id;
    this.socket.send(JSON.stringify(message));
    // A socket may be dead without knowing it; a new one finds out.
    this.patience = setTimeout(() => this.socket.close(), ACK_MS);
  }

  settle(id) {
    clearTimeout(this.patience);
    if (this.underway === id) this.underway = "";
    this.unsent = this.unsent.filter((message) => message.id !== id);
    this.keep();
  }

  drop(id, text) {
    this.settle(id);
    this.page.failed(id, text);
  }

  keep() {
    try {
      sessionStorage.setItem(this.storageKey, JSON.stringify(this.unsent));
    } catch {
      // Storage is off or full: unsent messages then live as long as the page.
    }
  }
}

function restored(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key)) ?? [];
  } catch {
    return [];
  }
}
