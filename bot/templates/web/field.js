// The line to write on: it grows with the words, Enter sends, Shift+Enter makes a new line.

const MOST_CHARS = 60000;

// `tooLong()` is what to say of a text that no server of ours takes; `send(text)` says whether the text was taken.
export function attend(form, field, button, tooLong, send) {
  function fit() {
    field.style.height = "";
    field.style.height = `${field.scrollHeight + 2}px`;
    if (field.value.trim()) button.removeAttribute("aria-disabled");
    else button.setAttribute("aria-disabled", "true");
  }

  function write() {
    const text = field.value.trim();
    if (!text) return;
    if (text.length > MOST_CHARS) {
      field.setCustomValidity(tooLong());
      field.reportValidity();
    } else if (send(text)) {
      field.value = "";
      fit();
    }
  }

  field.addEventListener("input", () => {
    field.setCustomValidity("");
    fit();
  });
  field.addEventListener("keydown", (event) => {
    // 229: an input method is composing, and this Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    write();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    write();
    field.focus();
  });
  fit();
  if (matchMedia("(hover: hover)").matches) field.focus(); // on a phone the keyboard would cover the page
}
