// The chat page: what the visitor says goes out in order and once, what Laurel says comes in, a reload loses nothing.

import { attend } from "./field.js";
import { attendFiles, showSize } from "./files.js";
import { Store } from "./store.js";
import { View } from "./view.js";
import { after, newId, Refused, say, sendFile } from "./wire.js";

const POLL_SECONDS = 25;
const RETRY_MS = [700, 2000];
const PAUSE_MS = [1000, 2000, 5000, 10000, 20000];
const AWAY_MS = 60000;

const root = document.documentElement;
const field = document.getElementById("words");
const texts = JSON.parse(document.getElementById("texts").textContent);
const store = new Store(root.dataset.mark, overhear);
const view = new View(texts, root.dataset.locale, { press, retry, reload: () => location.reload() });
const most = Number(root.dataset.most);
const shown = new Map(); // Laurel's messages on the page, by id
const chosen = new Map(); // files that are still to be sent, by the id of what was said with them
let cursor = 0; // the sequence up to which listening has heard: messages are numbered by it in the order of sending
let last = 0; // the id of the message at the end
let prompt = 0;
let sending = false;
let expired = false;
let hiddenSince = 0;
let listening = new AbortController();
let wakeUp = () => {};

const refreshChoices = () => view.refreshChoices(prompt, (id) => store.pressedBelow(id));
const pause = (ms) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    wakeUp = () => {
      clearTimeout(timer);
      resolve();
    };
  });

// What is said

function submit(words) {
  const item = { id: newId(), state: "waiting", after: last, shown: prompt || undefined, ...words };
  store.add(item);
  if (item.start === undefined) {
    const made = view.addOwn(item, true);
    view.toEnd();
    view.reveal(made);
  }
  refreshChoices();
  retry();
}

function attach(file) {
  if (expired) return;
  const item = { id: newId(), file: file.name.slice(-200), size: file.size };
  if (file.size > most) {
    item.state = "refused";
    item.error = view.say("file_too_large").replace("{limit}", showSize(most));
  } else {
    chosen.set(item.id, file);
  }
  submit(item);
}

function press(message, choice, byKey) {
  submit({ pressed: choice.token, label: choice.label, below: message.id });
  if (byKey) field.focus(); // the button is spent; on a phone the keyboard must not jump up
}

function retry() {
  for (const item of store.items) {
    if (item.state !== "failed") continue;
    item.state = "waiting";
    item.error = "";
    view.changed(item);
  }
  pump();
}

// Sends what waits, one at a time and in order. What fails keeps all that follows it waiting.
async function pump() {
  if (sending || expired) return;
  sending = true;
  view.working(true);
  try {
    for (let item = store.next(); item && !expired; item = store.next()) {
      view.changed(item);
      if (!(await deliver(item))) break;
    }
  } finally {
    sending = false;
    view.working(false);
  }
}

async function deliver(item) {
  for (const wait of [...RETRY_MS, null]) {
    try {
      const answer = await carry(item);
      chosen.delete(item.id);
      settle(item, { state: "done", error: "", answers: answer.messages.map((message) => message.id) });
      show(answer.messages);
      return true;
    } catch (error) {
      view.progress(item, 0);
      if (error instanceof Refused) return refuse(item, error);
      if (wait === null || !navigator.onLine) return fail(error.message);
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
  return false;
}

function carry(item) {
  if (item.file === undefined) return say(item, view.locale);
  const file = chosen.get(item.id);
  if (!file) throw new Refused("file_lost", view.say("file_lost"));
  return sendFile(item, file, view.locale, (share) => view.progress(item, share));
}

function settle(item, change) {
  Object.assign(item, change);
  store.save();
  view.changed(item);
  refreshChoices();
}

function refuse(item, error) {
  if (error.code === "no_visitor") {
    expire();
    return fail("");
  }
  chosen.delete(item.id);
  settle(item, { state: "refused", error: error.message });
  return true;
}

function fail(text) {
  for (const item of store.items) if (item.state === "waiting") settle(item, { state: "failed", error: text });
  return false;
}

function expire() {
  expired = true;
  view.tell("expired");
}

// Another tab of this visitor has said something, and it was answered.
function overhear(item) {
  if (item.start === undefined) view.addOwn(item, false, item.answers[0]);
  refreshChoices();
}

// What is heard

function show(messages, pushed = false) {
  const fresh = messages.filter((message) => !shown.has(message.id));
  if (!fresh.length) return;
  const near = view.nearEnd();
  let first = null;
  for (const message of fresh) {
    note(message);
    const made = present(message, true);
    first = first || made;
  }
  refreshChoices();
  if (first && near) view.reveal(first);
  else view.pointToNewer();
  if (pushed) view.announce(fresh.length);
}

function note(message) {
  shown.set(message.id, message);
  last = message.id;
  if (message.prompt) prompt = message.prompt;
}

function present(message, fresh) {
  return message.text || message.choices.length || message.files.length ? view.addLaurel(message, fresh) : null;
}

async function listen() {
  for (let failures = 0; !expired; ) {
    try {
      listening = new AbortController();
      const { messages } = await after(cursor, POLL_SECONDS, view.locale, listening);
      hear(messages);
      failures = 0;
      if (view.notice === "offline") view.tell("");
      if (store.items.some((item) => item.state === "failed")) retry();
    } catch (error) {
      if (error instanceof Refused && error.code === "no_visitor") return expire();
      view.tell("offline");
      await pause(PAUSE_MS[Math.min(failures, PAUSE_MS.length - 1)]);
      failures += 1;
    }
  }
}

function hear(messages) {
  for (const message of messages) cursor = Math.max(cursor, message.sequence);
  show(messages, true);
}

// Whoever was away for long may be listening on a connection that is no more: what came meanwhile is asked for beside it.
async function catchUp() {
  try {
    hear((await after(cursor, 0, view.locale)).messages);
  } catch {
    // listening goes on by itself
  }
}

// The beginning

async function restore() {
  const history = [];
  for (;;) {
    const { messages } = await after(cursor, 0, view.locale);
    if (!messages.length) break;
    history.push(...messages);
    cursor = messages.at(-1).sequence;
  }
  const newest = Math.max(0, ...history.map((message) => message.id));
  const known = new Set(history.filter((message) => message.text || message.files.length).map((message) => message.id));
  const erased = (id) => !known.has(id) && (id < newest || !newest);
  // Words whose every answer is gone were erased at the visitor's wish.
  store.keep((item) => item.state !== "done" || !item.answers.length || !item.answers.every(erased));
  view.quietly(() => replay(history));
}

// The visitor's words stand below what was the last message when they were said, or before their answer.
function replay(history) {
  const own = new Set(store.items.filter((item) => item.start === undefined));
  const place = (fits) => {
    for (const item of own) {
      if (!fits(item)) continue;
      view.addOwn(item, false);
      own.delete(item);
    }
  };
  place((item) => !item.after);
  for (const message of history) {
    place((item) => item.answers?.includes(message.id));
    note(message);
    present(message, false);
    place((item) => item.after === message.id);
  }
  place(() => true);
  refreshChoices();
}

async function begin() {
  for (let failures = 0; ; failures += 1) {
    try {
      await restore();
      break;
    } catch (error) {
      if (error instanceof Refused) return expire();
      view.tell("offline");
      await pause(PAUSE_MS[Math.min(failures, PAUSE_MS.length - 1)]);
    }
  }
  view.tell("");
  greet();
  retry();
  listen();
}

// Opens the conversation, or follows the link that brought the visitor here; the address forgets the link at once.
function greet() {
  const address = new URL(location.href);
  const payload = address.searchParams.get("start");
  if (payload !== null) {
    address.searchParams.delete("start");
    history.replaceState(null, "", address);
  }
  if (payload || (!shown.size && !store.items.length)) submit({ start: payload || "" });
}

// What the visitor does

attend(
  document.getElementById("composer"),
  field,
  document.getElementById("send"),
  () => view.say("too_long"),
  (text) => {
    if (!expired) submit({ text });
    return !expired;
  },
);
attendFiles(
  document.getElementById("attach"),
  document.getElementById("files"),
  document.getElementById("drop"),
  field,
  attach,
);
document.getElementById("switch").addEventListener("click", () => {
  const locale = view.locale === "zh" ? "en" : "zh";
  document.cookie = `laurel_locale=${locale}; path=/; max-age=31536000; samesite=lax`;
  view.speak(locale);
  if (!expired) submit({ text: `/lang ${locale}`, label: view.say("language_name") });
});
window.addEventListener("offline", () => view.tell("offline"));
window.addEventListener("online", () => {
  listening.abort(); // it may hang on a connection that is no more
  wakeUp();
  retry();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    hiddenSince = Date.now();
  } else if (hiddenSince && Date.now() - hiddenSince > AWAY_MS) {
    wakeUp();
    catchUp();
  }
});

begin();
