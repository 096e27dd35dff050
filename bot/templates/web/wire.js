// The way to the server and back. A request ends with an answer, with Refused (never again) or Unreached (try again).

const AGAIN = new Set([408, 429, 500, 502, 503, 504]);
const SAY_SECONDS = 30;
const STALLED_SECONDS = 60;

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

// Sends a file as it is read; `tell` is told the share that has left. The time without any progress is limited.
export function sendFile(item, file, locale, tell) {
  const { id, shown } = item;
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    let timer;
    const patience = () => {
      clearTimeout(timer);
      timer = setTimeout(() => call.abort(), STALLED_SECONDS * 1000);
    };
    call.open("POST", "/chat/files");
    call.responseType = "json";
    call.setRequestHeader("Content-Type", "application/octet-stream");
    call.setRequestHeader("Accept-Language", locale);
    call.setRequestHeader("X-Laurel-File", encodeURIComponent(JSON.stringify({ id, name: item.file, shown, locale })));
    call.upload.onprogress = (event) => {
      patience();
      if (event.lengthComputable) tell(event.loaded / event.total);
    };
    call.onloadend = () => {
      clearTimeout(timer);
      if (!call.status || !call.response) reject(new Unreached(""));
      else if (call.status < 300) resolve(call.response);
      else reject(failure(call.status, call.response));
    };
    patience();
    call.send(file);
  });
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
  throw failure(response.status, body);
}

function failure(status, body) {
  const { code = "", text = "", reference = "" } = body.error || {};
  if (AGAIN.has(status) || code === "cut") return new Unreached(reference ? `${text} ${reference}` : text);
  return new Refused(code, text);
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
