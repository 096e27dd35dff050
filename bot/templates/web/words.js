// A message's text as elements. Only text nodes are made from it, so that markup in a message stays text.

const LINK = /https?:\/\/[^\s<>"'“”‘’「」『』《》（）【】，。；：！？、]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
const TRAILING = /[.,;:!?)\]}]+$/;
// Where one is in a form, and what is asked there: 3/24 · 公司信息, a line below it 公司类型
const STEP = /^(\d+\/\d+ · .*)\n\s*(\S.*)/;
// A quote stands on lines of its own, with its place in the guide behind it: 「…」（指南《三、评选流程》）
const QUOTE = /^(「[^]+?」)[ \t]*([（(][^\n]*[)）])?[ \t]*$/gm;

export function paragraphs(text) {
  const fragment = document.createDocumentFragment();
  let end = 0;
  for (const match of text.matchAll(QUOTE)) {
    plain(fragment, text.slice(end, match.index));
    fragment.append(quote(match[1], match[2]));
    end = match.index + match[0].length;
  }
  plain(fragment, text.slice(end));
  return fragment;
}

function plain(fragment, text) {
  const step = STEP.exec(text);
  if (step) fragment.append(paragraph(step[1], "step"), paragraph(step[2], "ask"));
  for (const part of text.slice(step ? step[0].length : 0).split(/\n[ \t]*\n/)) {
    const words = part.replace(/^\n+|\s+$/g, "");
    if (words) fragment.append(paragraph(words, ""));
  }
}

function paragraph(words, className) {
  const element = document.createElement("p");
  if (className) element.className = className;
  linked(element, words);
  return element;
}

function quote(words, source) {
  const element = document.createElement("blockquote");
  linked(element, words);
  if (source) {
    const cite = document.createElement("cite");
    if (source.startsWith("（")) cite.className = "wide";
    linked(cite, source);
    element.append(cite);
  }
  return element;
}

function linked(element, text) {
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    const shown = match[0].replace(TRAILING, "");
    if (!shown) continue;
    element.append(text.slice(end, match.index), link(shown));
    end = match.index + shown.length;
  }
  element.append(text.slice(end));
}

function link(shown) {
  const element = document.createElement("a");
  const web = /^https?:/.test(shown);
  element.href = web ? shown : `mailto:${shown}`;
  if (web) {
    element.target = "_blank";
    element.rel = "noopener noreferrer";
  }
  element.textContent = shown;
  return element;
}
