// The ways in which a file comes onto the page: chosen, dropped, or pasted.

const carriesFiles = (data) => Array.from(data?.types || []).includes("Files");

// `choose(file)` gets each of them. `drop` is shown while a file is held over the page.
export function attendFiles(button, input, drop, field, choose) {
  const take = (list) => Array.from(list).forEach(choose);
  let over = 0; // entering a child comes before leaving its parent

  function hover(change) {
    over = Math.max(0, over + change);
    drop.hidden = !over;
  }

  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    take(input.files);
    input.value = ""; // the same file may be chosen again
  });
  field.addEventListener("paste", (event) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    take(event.clipboardData.files);
  });
  window.addEventListener("dragenter", (event) => carriesFiles(event.dataTransfer) && hover(1));
  window.addEventListener("dragleave", (event) => carriesFiles(event.dataTransfer) && hover(-1));
  window.addEventListener("dragover", (event) => carriesFiles(event.dataTransfer) && event.preventDefault());
  window.addEventListener("drop", (event) => {
    if (!carriesFiles(event.dataTransfer)) return;
    event.preventDefault(); // the browser would open the file in the page's place
    over = 0;
    hover(0);
    take(event.dataTransfer.files);
  });
}

export function showSize(bytes) {
  for (const [unit, name] of [[1024 ** 3, "GB"], [1024 ** 2, "MB"], [1024, "KB"]]) {
    if (bytes >= unit) return `${Number((bytes / unit).toFixed(1))} ${name}`;
  }
  return `${bytes} B`;
}
