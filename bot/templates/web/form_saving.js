// The way to the server: one request after the other, tried again until the server has answered.

const AGAIN = new Set([408, 429, 500, 502, 503, 504]);
const SECONDS = 20;
const WAITS = [1, 2, 5, 10, 20];

export class Saving {
  // `session` has the page's address and the token of the day. `tell(state)` is told "saved", "saving", "offline",
  // "broken" or "over".
  constructor(session, tell) {
    this.session = session;
    this.tell = tell;
    this.jobs = [];
    this.running = false;
    this.tries = 0;
    this.wake = () => {};
    window.addEventListener("online", () => this.wake());
    window.addEventListener("offline", () => this.tell("offline"));
  }

  get idle() {
    return !this.jobs.length;
  }

  // Sends `make()` to a path, unless it gives null by then; `done(status, body)` gets the answer. A job with the key of
  // one that still waits takes its place.
  add(key, path, make, done) {
    const waiting = this.jobs.find((job, index) => job.key === key && !(index === 0 && this.running));
    if (waiting) Object.assign(waiting, { make, done });
    else this.jobs.push({ key, path, make, done });
    this.run();
  }

  async run() {
    if (this.running) return;
    this.running = true;
    while (this.jobs.length) {
      const job = this.jobs[0];
      const content = job.make();
      const answer = content === null ? "dropped" : await this.send(job.path, content);
      if (answer === null) {
        await this.pause();
        continue;
      }
      if (answer === "over") break;
      this.tries = 0;
      this.jobs.shift();
      if (answer !== "dropped") job.done(answer.status, answer.body);
    }
    this.running = false;
    if (this.idle) this.tell("saved");
  }

  // The answer; null where none came and it has to be tried again; "over" where it never will be.
  async send(path, content) {
    this.tell("saving");
    const control = new AbortController();
    const timer = setTimeout(() => control.abort(), SECONDS * 1000);
    try {
      const response = await fetch(this.session.base + path, this.request(content, control.signal));
      if (AGAIN.has(response.status)) return null;
      if (response.status === 401 || response.status === 403) {
        this.tell("over");
        return "over";
      }
      return { status: response.status, body: await response.json() };
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  request(content, signal) {
    const headers = { "Content-Type": "application/json", "X-Form-Session": this.session.token };
    return { method: "POST", headers, body: JSON.stringify(content), credentials: "same-origin", cache: "no-store", signal };
  }

  pause() {
    this.tell(navigator.onLine ? "broken" : "offline");
    const seconds = WAITS[Math.min(this.tries++, WAITS.length - 1)];
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, seconds * 1000);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  // Sends what waits while the page goes away, as far as a browser lets it.
  leave() {
    for (const job of this.running ? this.jobs.slice(1) : this.jobs) {
      const content = job.make();
      if (content) fetch(this.session.base + job.path, { ...this.request(content), keepalive: true }).catch(() => {});
    }
  }

  // Resolves when everything is saved; false where that is not to be had soon.
  async settled(seconds) {
    const until = Date.now() + seconds * 1000;
    while (!this.idle && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
    return this.idle;
  }
}
