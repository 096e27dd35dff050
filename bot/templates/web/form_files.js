// Files on their way: with progress, to be cancelled, and offered again where one broke.

const AT_ONCE = 2;
const queue = [];
let running = 0;

// `done(status, body)` gets the answer of each.
export function send(field, files, settings, done) {
  const list = document.querySelector(`[data-sending="${CSS.escape(field)}"]`);
  for (const file of files) {
    const job = { field, file, settings, done, line: line(list, file, settings.texts) };
    job.line.cancel.onclick = () => {
      queue.splice(queue.indexOf(job), 1);
      job.line.remove();
    };
    queue.push(job);
  }
  next();
}

export function sending() {
  return running + queue.length > 0;
}

function next() {
  while (running < AT_ONCE && queue.length) start(queue.shift());
}

async function start(job) {
  running += 1;
  const request = new XMLHttpRequest();
  const { line, settings } = job;
  let ended = false;
  const over = (broken) => {
    if (ended) return;
    ended = true;
    running -= 1;
    if (broken) offerAgain(job);
    else line.remove();
    next();
  };
  request.upload.onprogress = (event) => event.lengthComputable && line.progressTo(event.loaded / event.total);
  request.upload.onload = () => line.say(settings.texts.file_busy);
  request.onload = () => {
    const body = parse(request.responseText);
    const refused = request.status === 422;
    over(!refused && request.status !== 200);
    if (refused || request.status === 200) job.done(request.status, body);
    else if (body.error) line.say(body.error.text);
  };
  request.onerror = () => over(true);
  request.onabort = () => over(false);
  line.cancel.onclick = () => over(false);
  if (await isRefused(job, over)) return;
  if (!line.isThere()) return;
  line.cancel.onclick = () => request.abort();
  request.open("POST", `${settings.base}/files/${encodeURIComponent(job.field)}`);
  request.setRequestHeader("X-Form-Session", settings.token);
  const form = new FormData();
  form.append("file", job.file, job.file.name);
  request.send(form);
}

// The server says beforehand whether a file of this size has room: a large one takes long only to be refused.
async function isRefused({ field, file, settings, line, done }, over) {
  try {
    const headers = { "Content-Type": "application/json", "X-Form-Session": settings.token };
    const body = JSON.stringify({ name: file.name, size: file.size });
    const path = `${settings.base}/files/${encodeURIComponent(field)}/check`;
    const response = await fetch(path, { method: "POST", headers, body, credentials: "same-origin", cache: "no-store" });
    if (response.status !== 422) return false;
    const told = await response.json();
    if (line.isThere()) done(422, told);
    over(false);
    return true;
  } catch {
    return false; // the upload itself will tell
  }
}

function offerAgain(job) {
  const { line, settings } = job;
  line.say(settings.texts.file_broken);
  line.progressTo(0);
  const again = document.createElement("button");
  again.type = "button";
  again.textContent = settings.texts.file_again;
  again.onclick = () => {
    again.remove();
    line.say(settings.texts.file_sending);
    queue.push(job);
    next();
  };
  line.cancel.before(again);
  line.cancel.onclick = () => line.remove();
}

function line(list, file, texts) {
  const item = document.createElement("li");
  const name = document.createElement("span");
  name.className = "file";
  name.textContent = file.name;
  const said = document.createElement("span");
  said.className = "size";
  said.setAttribute("role", "status");
  said.textContent = texts.file_sending;
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", file.name);
  const cancel = document.createElement("button");
  cancel.type = "button";
  cancel.className = "quiet";
  cancel.textContent = texts.file_cancel;
  cancel.setAttribute("aria-label", texts.file_cancel_named.replace("{name}", file.name));
  name.append(said, bar);
  item.append(name, cancel);
  list.append(item);
  return {
    cancel,
    remove: () => item.remove(),
    isThere: () => item.isConnected,
    say: (text) => (said.textContent = text),
    progressTo: (part) => (bar.value = part),
  };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
