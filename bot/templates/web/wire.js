// The way to the server and back. A request ends with an answer, with Refused (never again) or Unreached (try again).

const AGAIN = new Set([408, 429, 500, 502, 503, 504]);
const SAY_SECONDS = 30;

export class Refused extends Error {
  constructor(code, text) {
    super(text);
    this.code = code;
  }
}

export class Unreached extends Error {}

export function say(item, locale) {
  const { id, text, pressed, start, shown } = item;
  const body = JSON.stringify({ id, text, pressed, start, shown, locale });
  const headers = { "Content-Type": "application/json", "Accept-Language": locale };
  return request("/chat/messages", { method: "POST", headers, body }, SAY_SECONDS);
}

// The messages after an id; waits for one at most so many seconds, or until `control` aborts.
export function after(id, seconds, locale, control = new AbortController()) {
  const headers = { "Accept-Language": locale };
  return request(`/chat/messages?after=${id}&wait=${seconds}`, { headers }, seconds + 15, control);
}

async function request(path, options, seconds, control = new AbortController()) {
  const timer = setTimeout(() => control.abort(), seconds * 1000);
  let response;
  let body;
  try {
    response = await fetch(path, { ...options, credentials: "same-origin", cache: "no-store", signal: control.signal });
    body = await response.json();
  } catch {
    throw new Unreached("");
  } finally {
    clearTimeout(timer);
  }
  if (response.ok) return body;
  const { code = "", text = "", reference = "" } = body.error || {};
  if (AGAIN.has(response.status)) throw new Unreached(reference ? `${text} ${reference}` : text);
  throw new Refused(code, text);
}

export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  // Only pages under https or on this machine have randomUUID.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
