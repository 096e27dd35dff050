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

// As the server shows sizes, in bot/sizes.py.
export function showSize(bytes) {
  if (bytes < 1024 ** 2) return `${Math.max(1, Math.floor(bytes / 1000))}K`;
  const [unit, name] = bytes < 1024 ** 3 ? [1024 ** 2, "M"] : [1024 ** 3, "G"];
  return `${Math.ceil((bytes * 100) / unit) / 100}${name}`;
}
