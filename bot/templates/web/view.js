// The conversation on the screen. It knows no address and no store; what is pressed goes to the handlers it is given.

import { showSize } from "./files.js";
import { paragraphs } from "./words.js";

const NEAR_PIXELS = 80;
const WORKING_AFTER = 400;

const element = (id) => document.getElementById(id);

function make(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

export class View {
  // `on` has press(message, choice, byKey), retry() and reload().
  constructor(texts, locale, on) {
    this.texts = texts;
    this.on = on;
    this.log = element("log");
    this.scroll = element("scroll");
    this.own = new Map();
    this.groups = [];
    this.unread = 0;
    this.atEnd = true;
    this.notice = "";
    this.speak(locale);
    element("newer").addEventListener("click", () => this.toEnd());
    this.scroll.addEventListener("scroll", () => this.moved(), { passive: true });
    // A phone's keyboard takes half of the screen: who was at the end stays there.
    new ResizeObserver(() => this.atEnd && this.toEnd()).observe(this.scroll);
    document.addEventListener("visibilitychange", () => this.retitle());
  }

  say(name) {
    return this.texts[this.locale][name];
  }

  // Shows everything of the page's own in a language.
  speak(locale) {
    this.locale = locale;
    const tags = { zh: "zh-CN", en: "en" };
    document.documentElement.lang = tags[locale];
    element("switch").lang = tags[locale === "zh" ? "en" : "zh"];
    for (const each of document.querySelectorAll("[data-say]")) each.textContent = this.say(each.dataset.say);
    for (const each of document.querySelectorAll("[data-say-label]")) {
      each.setAttribute("aria-label", this.say(each.dataset.sayLabel));
    }
    for (const each of document.querySelectorAll("[data-say-placeholder]")) {
      each.placeholder = this.say(each.dataset.sayPlaceholder);
    }
    for (const each of this.own.values()) this.tellFate(each);
    this.tell(this.notice);
    this.retitle();
  }

  // While an old conversation is put back, a screen reader stays silent.
  quietly(work) {
    this.log.setAttribute("aria-live", "off");
    this.log.setAttribute("aria-busy", "true");
    work();
    requestAnimationFrame(() => {
      this.log.setAttribute("aria-busy", "false");
      this.log.setAttribute("aria-live", "polite");
    });
    this.toEnd();
  }

  addLaurel(message, fresh) {
    const made = make("div", fresh ? "message laurel fresh" : "message laurel");
    made.append(make("span", "hidden", "Laurel"));
    if (message.text || message.files.length) {
      const bubble = make("div", "bubble");
      bubble.lang = "zh-CN";
      if (this.locale === "en" && !/[\u3400-\u9fff]/.test(message.text)) bubble.lang = "en";
      bubble.append(paragraphs(message.text), ...message.files.map((file) => this.download(file)));
      made.append(bubble);
    }
    if (message.choices.length) made.append(this.group(message));
    made.dataset.message = message.id;
    this.log.append(made);
    return made;
  }

  download(file) {
    const link = make("a", "file", file.name);
    link.href = file.url;
    link.download = file.name;
    link.prepend(make("span", "hidden", this.say("download")));
    return link;
  }

  group(message) {
    const group = make("div", "choices");
    group.setAttribute("role", "group");
    group.dataset.sayLabel = "choices";
    group.setAttribute("aria-label", this.say("choices"));
    for (const choice of message.choices) {
      const button = make("button", choice.quiet ? "quiet" : "", choice.label);
      button.type = "button";
      button.dataset.token = choice.token;
      button.addEventListener("click", (event) => {
        if (!button.hasAttribute("aria-disabled")) this.on.press(message, choice, event.detail === 0);
      });
      group.append(button);
    }
    this.groups.push({ message, group });
    return group;
  }

  // Only the newest prompt's buttons work, and those of an answer once: a command (its token begins with "/") may be
  // given again. `pressed(id)` is what was chosen last below a message.
  refreshChoices(prompt, pressed) {
    const newest = this.groups.at(-1);
    for (const each of this.groups) {
      const chosen = pressed(each.message.id);
      const past = each !== newest || each.message.prompt !== prompt;
      each.group.classList.toggle("past", past);
      const over = past || chosen?.state === "waiting";
      for (const button of each.group.children) {
        const { token } = button.dataset;
        const spent = over || (chosen && !token.startsWith("/"));
        if (spent) button.setAttribute("aria-disabled", "true");
        else button.removeAttribute("aria-disabled");
        button.classList.toggle("chosen", chosen?.pressed === token);
      }
    }
  }

  // `answer` is the id of a message that it must stand before, if that is here already.
  addOwn(item, fresh, answer) {
    const made = make("div", fresh ? "message own fresh" : "message own");
    made.append(make("span", "hidden", this.say("you")));
    const bubble = make("div", "bubble");
    const bar = item.file === undefined ? null : make("progress", "bar");
    if (bar) {
      bar.value = 0;
      bar.setAttribute("aria-label", this.say("uploading"));
      bubble.append(make("span", "file", item.file), make("span", "size", showSize(item.size)), bar);
    } else {
      bubble.append(paragraphs(item.label || item.text));
    }
    const fate = make("p", "fate");
    made.append(bubble, fate);
    this.log.insertBefore(made, answer ? this.log.querySelector(`[data-message="${Number(answer)}"]`) : null);
    const entry = { item, made, fate, bar };
    this.own.set(item.id, entry);
    this.tellFate(entry);
    return made;
  }

  changed(item) {
    const entry = this.own.get(item.id);
    if (!entry) return;
    const near = this.nearEnd();
    this.tellFate(entry);
    if (near && !entry.fate.hidden) this.toEnd();
  }

  // `share` of a file has left.
  progress(item, share) {
    const bar = this.own.get(item.id)?.bar;
    if (bar) bar.value = share;
  }

  tellFate({ item, made, fate, bar }) {
    if (bar) bar.hidden = item.state !== "waiting";
    for (const state of ["waiting", "failed", "refused"]) made.classList.toggle(state, item.state === state);
    fate.hidden = item.state === "done" || item.state === "waiting";
    fate.replaceChildren();
    if (item.state === "failed") {
      const retry = make("button", "", this.say("retry"));
      retry.type = "button";
      retry.addEventListener("click", () => this.on.retry());
      fate.append(item.error || this.say("failed"), " ", retry);
    } else if (item.state === "refused") {
      fate.append(`${this.say("refused")} ${item.error}`.trim());
    }
  }

  working(on) {
    clearTimeout(this.timer);
    if (!on) {
      element("working").hidden = true;
      return;
    }
    this.timer = setTimeout(() => {
      const near = this.nearEnd();
      element("working").hidden = false;
      if (near) this.toEnd();
    }, WORKING_AFTER);
  }

  // A line above the conversation: "" for none, "offline" or "expired".
  tell(notice) {
    this.notice = notice;
    const line = element("notice");
    line.hidden = !notice;
    line.replaceChildren();
    if (notice === "offline") line.append(this.say("offline"));
    if (notice === "expired") {
      const reload = make("button", "", this.say("reload"));
      reload.type = "button";
      reload.addEventListener("click", () => this.on.reload());
      line.append(this.say("expired"), reload);
    }
  }

  moved() {
    this.atEnd = this.nearEnd();
    if (this.atEnd) this.seenAll();
  }

  nearEnd() {
    return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < NEAR_PIXELS;
  }

  toEnd() {
    this.scroll.scrollTop = this.scroll.scrollHeight;
    this.seenAll();
  }

  // Brings a new message into sight: to the end of the conversation, but never past the message's own beginning.
  reveal(message) {
    const end = this.scroll.scrollHeight - this.scroll.clientHeight;
    const top = message.getBoundingClientRect().top - this.scroll.getBoundingClientRect().top + this.scroll.scrollTop;
    this.scroll.scrollTop = Math.min(end, top - 16);
  }

  // Something came that nobody on this page asked for.
  announce(count) {
    if (document.hidden) this.unread += count;
    this.retitle();
  }

  pointToNewer() {
    element("newer").hidden = this.nearEnd();
  }

  seenAll() {
    element("newer").hidden = true;
  }

  retitle() {
    if (!document.hidden) this.unread = 0;
    document.title = this.unread ? `(${this.unread}) ${this.say("unread")} · Laurel` : this.say("title");
  }
}
