// Puts what the server made anew into the page. What somebody is typing in is never replaced.

const escape = (text) => CSS.escape(text);

export function control(slot) {
  return document.querySelector(`[data-slot="${escape(slot)}"]:not(button)`);
}

export function controls(slot) {
  return [...document.querySelectorAll(`[data-slot="${escape(slot)}"]:not(button)`)];
}

export function seenOf(slot) {
  return document.querySelector(`[data-seen="${escape(slot)}"]`);
}

// What stands in an entry: a text, or the ticked values of a choice of several.
export function valueOf(slot) {
  const [first, ...others] = controls(slot);
  if (first.type === "checkbox" && first.value === "agree" && !others.length) return first.checked ? "agree" : "";
  if (first.type === "checkbox") return [first, ...others].filter((one) => one.checked).map((one) => one.value);
  if (first.type === "radio") return [first, ...others].find((one) => one.checked)?.value ?? "";
  return first.value;
}

export function setUnder(slot, html) {
  const under = document.getElementById(`u-${slot}`);
  if (!under) return;
  under.innerHTML = html;
  for (const one of controls(slot)) {
    if (under.querySelector(".problem")) one.setAttribute("aria-invalid", "true");
    else one.removeAttribute("aria-invalid");
  }
}

// `busy(slot)` says whether something in an entry is not saved yet.
export function apply(told, busy) {
  arrange(told);
  for (const [key, html] of Object.entries(told.blocks || {})) replace(key, html, busy);
  for (const [slot, html] of Object.entries(told.under || {})) setUnder(slot, html);
  for (const [slot, seen] of Object.entries(told.seen || {})) {
    const hidden = seenOf(slot);
    if (hidden) hidden.value = seen;
  }
  for (const [key, html] of Object.entries(told.files || {})) {
    const list = document.querySelector(`[data-files="${escape(key)}"]`);
    if (list) list.innerHTML = html;
  }
  if (told.progress) document.getElementById("progress").innerHTML = told.progress;
  if (told.missing) document.getElementById("missing").innerHTML = told.missing;
  if (told.renewed !== undefined) tellRenewed(told.renewed);
}

// A whole page of the server's as the pieces that it is made of.
export function piecesOf(fresh) {
  const parts = [...fresh.querySelectorAll("#parts > [data-part]")];
  const blocks = [...fresh.querySelectorAll("[data-block]")];
  const within = (part) => [...part.querySelectorAll("[data-block]")].map((block) => block.dataset.block);
  return {
    order: parts.map((part) => [part.dataset.part, within(part)]),
    parts: Object.fromEntries(parts.map((part) => [part.dataset.part, part.outerHTML])),
    blocks: Object.fromEntries(blocks.map((block) => [block.dataset.block, block.outerHTML])),
    progress: fresh.getElementById("progress").innerHTML,
    missing: fresh.getElementById("missing").innerHTML,
    renewed: fresh.getElementById("renewed").textContent,
  };
}

function tellRenewed(text) {
  const told = document.getElementById("renewed");
  told.hidden = !text;
  told.textContent = text;
}

// Sections and blocks that are shown now, in order; those that are not are taken out.
function arrange(told) {
  if (!told.order) return;
  const parts = document.getElementById("parts");
  const wanted = new Set(told.order.map(([key]) => key));
  for (const part of [...parts.children]) if (!wanted.has(part.dataset.part)) part.remove();
  told.order.forEach(([key, keys], index) => {
    let part = parts.querySelector(`:scope > [data-part="${escape(key)}"]`) || element(told.parts[key]);
    if (!part) return;
    if (parts.children[index] !== part) parts.insertBefore(part, parts.children[index] || null);
    arrangeBlocks(part.querySelector("[data-blocks]"), keys, told.blocks || {});
  });
}

function arrangeBlocks(list, keys, blocks) {
  const wanted = new Set(keys);
  for (const block of [...list.children]) if (!wanted.has(block.dataset.block)) block.remove();
  keys.forEach((key, index) => {
    const block = list.querySelector(`:scope > [data-block="${escape(key)}"]`) || element(blocks[key]);
    if (block && list.children[index] !== block) list.insertBefore(block, list.children[index] || null);
  });
}

function replace(key, html, busy) {
  const fresh = element(html);
  const old = document.querySelector(`[data-block="${escape(fresh?.dataset.block ?? key)}"]`);
  if (!old || !fresh || old.isEqualNode(fresh)) return;
  const typing = old.contains(document.activeElement) && document.activeElement.matches("input, textarea, select");
  const open = [...old.querySelectorAll("[data-slot]")].some((one) => busy(one.dataset.slot));
  if (!typing && !open && !old.querySelector("[data-sending] > *")) old.replaceWith(fresh);
}

// Replaces a block whatever stands in it.
export function renew(key, html) {
  const fresh = element(html);
  const old = fresh && document.querySelector(`[data-block="${escape(fresh.dataset.block)}"]`);
  if (old) old.replaceWith(fresh);
  return fresh;
}

function element(html) {
  if (!html) return null;
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  return holder.content.firstElementChild;
}
