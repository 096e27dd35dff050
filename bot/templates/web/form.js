// The form page: saves what is entered as it is entered. It knows no rule of the form: the server says what is wrong,
// what is counted, and what is shown.

import { sending, send as sendFiles } from "./form_files.js";
import { keeping } from "./form_keeping.js";
import { apply, control, controls, piecesOf, renew, seenOf, setUnder, valueOf } from "./form_pieces.js";
import { Saving } from "./form_saving.js";

const TYPING_MS = 700;
const PATIENCE_SECONDS = 15;
const sheet = document.getElementById("sheet");
const texts = JSON.parse(document.getElementById("texts").textContent);
const { base } = sheet.dataset;
const session = { base, token: sheet.dataset.token, texts };
const { keep, restore } = keeping(`laurel.form.${base}`);
const dirty = new Map(); // slot -> when it changes from now on; what is in it is not saved yet
const timers = new Map();
const conflicts = new Map(); // slot -> the answer that told of it
let over = false;

document.documentElement.classList.add("scripted");

const saving = new Saving(session, (state) => {
  over = state === "over";
  const banner = document.getElementById("banner");
  if (state !== "saving") {
    banner.textContent = { offline: texts.offline, broken: texts.broken, over: texts.over }[state] || "";
    banner.hidden = !banner.textContent;
  }
  if (state === "saved" && !dirty.size) say(texts.all_saved);
  else say(state === "saving" ? texts.saving : texts.unsaved);
});

function say(text) {
  const state = document.getElementById("state");
  if (state.textContent !== text) state.textContent = text;
}

// Read out, and shown nowhere else.
function tellAloud(slot) {
  const problem = document.getElementById(`u-${slot}`)?.querySelector(".problem");
  if (problem) document.getElementById("heard").textContent = problem.textContent;
}

function parts(slot) {
  const [field, row, column] = slot.split(".");
  return row === undefined ? { field } : { field, row: Number(row), column };
}

function busy(slot) {
  return dirty.has(slot) || conflicts.has(slot);
}

function changed(slot, wait) {
  dirty.set(slot, Symbol(slot));
  if (!conflicts.has(slot)) say(texts.unsaved);
  keep(dirty.keys());
  clearTimeout(timers.get(slot));
  if (conflicts.has(slot)) return;
  if (wait) timers.set(slot, setTimeout(() => save(slot), wait));
  else save(slot);
}

function save(slot, seen) {
  clearTimeout(timers.get(slot));
  let mark;
  let value;
  const make = () => {
    if (!control(slot) || !dirty.has(slot)) return null;
    mark = dirty.get(slot);
    value = valueOf(slot);
    return { ...parts(slot), value, seen: seen ?? seenOf(slot).value };
  };
  saving.add(slot, "/answers", make, (status, body) => {
    if (dirty.get(slot) === mark) dirty.delete(slot);
    keep(dirty.keys());
    if (status === 409) return conflict(slot, body);
    conflicts.delete(slot);
    if (status !== 200) return refused(slot, body);
    apply(body, busy);
    tidy(slot, value, body);
    tellAloud(slot);
  });
}

// What was typed in one way may be stored in another: shown once nobody is at it any more.
function tidy(slot, value, body) {
  const text = body.text?.[slot];
  const entry = control(slot);
  const typed = entry && entry !== document.activeElement && ["INPUT", "TEXTAREA"].includes(entry.tagName);
  const plain = typed && !["checkbox", "radio", "hidden"].includes(entry.type);
  if (plain && text !== undefined && !dirty.has(slot) && entry.value === value) entry.value = text;
}

function refused(slot, body) {
  const problem = document.createElement("p");
  problem.className = "problem";
  problem.textContent = body.error?.text || texts.broken;
  setUnder(slot, problem.outerHTML);
}

function conflict(slot, body) {
  conflicts.set(slot, body);
  setUnder(slot, body.elsewhere);
  say(texts.unsaved);
  tellAloud(slot);
}

function settle(slot, mine) {
  const body = conflicts.get(slot);
  conflicts.delete(slot);
  dirty.delete(slot);
  const { field } = parts(slot);
  if (mine) {
    const holder = document.createElement("template");
    holder.innerHTML = body.blocks[field];
    dirty.set(slot, Symbol(slot));
    return save(slot, holder.content.querySelector(`[data-seen="${CSS.escape(slot)}"]`)?.value);
  }
  keep(dirty.keys());
  renew(field, body.blocks[field]);
  apply({ ...body, blocks: without(body.blocks, field) }, busy);
  (control(slot) || document.getElementById(`f-${field}`))?.focus();
}

function without(blocks, key) {
  return Object.fromEntries(Object.entries(blocks).filter(([name]) => name !== key));
}

// Rows, files and what was typed: the block is made anew, and one goes on at its beginning or in the new row.
function act(path, content, field, focus) {
  saving.add(`${path}:${JSON.stringify(content)}`, path, () => content, (status, body) => {
    apply(body, (slot) => busy(slot) && parts(slot).field !== field);
    if (body.blocks?.[field]) renew(field, body.blocks[field]);
    const block = document.getElementById(`f-${field}`);
    if (body.problem) setUnder(field, problemHtml(body.problem));
    tellAloud(field);
    if (block) focus(block);
  });
}

function problemHtml(text) {
  const problem = document.createElement("p");
  problem.className = "problem";
  problem.textContent = text;
  return problem.outerHTML;
}

const ACTIONS = {
  add({ field, rows }) {
    flush();
    act("/rows", { field, do: "add", row: Number(rows) }, field, (block) => {
      [...block.querySelectorAll(".row")].at(-1)?.querySelector("input:not([type=hidden]), textarea, select")?.focus();
    });
  },
  delete({ field, row, rowSeen }) {
    for (const slot of [...dirty.keys()]) if (slot.startsWith(`${field}.${row}.`)) dirty.delete(slot);
    flush();
    const seen = document.querySelector(`[data-seen^="${CSS.escape(`${field}.${row}.`)}"]`)?.value || rowSeen;
    act("/rows", { field, do: "delete", row: Number(row), seen }, field, (block) => block.focus());
  },
  detach({ field, key }) {
    act(`/files/${encodeURIComponent(field)}/${key}/delete`, {}, field, () => document.getElementById(`a-${field}`)?.focus());
  },
  drop({ slot }) {
    dirty.delete(slot);
    conflicts.delete(slot);
    const place = parts(slot);
    saving.add(`drop:${slot}`, "/answers", () => ({ ...place, drop: true, value: "", seen: "" }), (status, body) => {
      apply(body, busy);
      for (const one of controls(slot)) if (body.text && slot in body.text) one.value = body.text[slot];
      control(slot)?.focus();
    });
  },
  keep({ slot }) {
    changed(slot, 0);
  },
  fill({ slot, fill }) {
    control(slot).value = fill;
    changed(slot, 0);
    control(slot).focus();
  },
  theirs({ slot }) {
    settle(slot, false);
  },
  mine({ slot }) {
    settle(slot, true);
  },
};

function flush() {
  for (const slot of dirty.keys()) if (!conflicts.has(slot) && !over) save(slot);
}

sheet.addEventListener("input", (event) => {
  const { slot } = event.target.dataset;
  if (slot) changed(slot, event.target.matches("textarea, input:not([type=checkbox], [type=radio])") ? TYPING_MS : 0);
});

sheet.addEventListener("change", (event) => {
  const { slot, upload } = event.target.dataset;
  if (upload) {
    attach(upload, event.target.files);
    event.target.value = "";
  } else if (slot && dirty.has(slot)) {
    changed(slot, 0);
  }
});

sheet.addEventListener("focusout", (event) => {
  const { slot } = event.target.dataset;
  if (slot && dirty.has(slot) && !conflicts.has(slot)) save(slot);
});

sheet.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const action = ACTIONS[button.dataset.do];
  if (action) {
    event.preventDefault();
    action(button.dataset);
  }
});

// Enter in an entry saves it, and sends nothing else.
sheet.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("input:not([type=checkbox], [type=radio], [type=file])")) return;
  event.preventDefault();
  if (!event.isComposing && event.target.dataset.slot) changed(event.target.dataset.slot, 0);
});

sheet.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (!["submit", "chat"].includes(button?.value) || button.dataset.ready) return;
  event.preventDefault();
  button.setAttribute("aria-disabled", "true");
  flush();
  const saved = await saving.settled(PATIENCE_SECONDS);
  await new Promise((resolve) => setTimeout(resolve)); // no form is submitted again while it tells of being submitted
  button.removeAttribute("aria-disabled");
  if (button.value === "submit" && document.querySelector("#missing li")) return firstGap();
  if (!saved || conflicts.size || sending()) return say(texts.unsaved);
  button.dataset.ready = "yes";
  leaving = true;
  sheet.requestSubmit(button);
  setTimeout(() => delete button.dataset.ready, 1000);
});

let leaving = false;

function firstGap() {
  const title = document.getElementById("gaps");
  title?.scrollIntoView({ block: "center" });
  title?.focus();
}

// A link to a field leads into it.
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#f-"]');
  const field = link && document.getElementById(link.getAttribute("href").slice(1));
  if (!field) return;
  event.preventDefault();
  field.scrollIntoView({ block: "center" });
  (field.querySelector('[aria-invalid="true"]') || field.querySelector("input:not([type=hidden]), textarea, select, button") || field).focus({ preventScroll: true });
});

function attach(field, files) {
  sendFiles(field, [...files], session, (status, body) => {
    apply(body, busy);
    if (body.problem) setUnder(field, problemHtml(body.problem));
    tellAloud(field);
  });
}

for (const kind of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const place = event.target.closest?.("[data-drop]");
    if (!place || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    place.classList.toggle("over", kind === "dragover");
    if (kind === "drop") attach(place.dataset.drop, event.dataTransfer.files);
  });
}

window.addEventListener("pagehide", () => leaving || saving.leave());
window.addEventListener("beforeunload", (event) => {
  if (leaving) return;
  flush();
  if (dirty.size || sending()) event.preventDefault();
});
window.addEventListener("pageshow", (event) => {
  leaving = false;
  if (event.persisted) refresh();
});
document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? flush() : refresh()));

// Whoever comes back from the chat finds here what was answered there, and with a new link goes on saving.
async function refresh() {
  if (!over && (dirty.size || conflicts.size || sending() || !saving.idle)) return;
  const request = { credentials: "same-origin", cache: "no-store", headers: { Accept: "text/html" } };
  const response = await fetch(base, request).catch(() => null);
  if (!response?.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  const page = fresh.getElementById("sheet");
  if (!page && !dirty.size) location.reload();
  if (!page) return;
  session.token = page.dataset.token;
  sheet.elements.token.value = session.token;
  if (over) saving.run();
  else apply(piecesOf(fresh), busy);
}

restore((slot) => changed(slot, 0));
if (!dirty.size) say(texts.all_saved);
if (location.hash.startsWith("#f-")) {
  document.getElementById(location.hash.slice(1))?.querySelector("[aria-invalid=true], input:not([type=hidden]), textarea, select")?.focus();
}
