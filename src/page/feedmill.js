// Pages work without this script. It adds what only a script can do.

// Buttons that copy a URL: shown only where they work.
const copied = document.getElementById("copied");
for (const button of document.querySelectorAll("button[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  button.hidden = false;
  button.addEventListener("click", async () => {
    let done = false;
    try {
      await navigator.clipboard.writeText(field.dataset.url);
      done = true;
    } catch {
      // Pages that are not served securely have no clipboard.
      field.select();
      done = document.execCommand("copy");
    }
    copied.textContent = done ? copied.dataset.done : copied.dataset.failed;
  });
}

// What is copied by hand from a field is the URL as it is sent, not as it is shown.
for (const field of document.querySelectorAll("input[data-url]")) {
  field.addEventListener("focus", () => field.select());
  field.addEventListener("copy", (event) => {
    if (field.selectionStart !== 0 || field.selectionEnd !== field.value.length) return;
    event.clipboardData.setData("text/plain", field.dataset.url);
    event.preventDefault();
  });
}

// Fields that are left empty, or as they are by themselves, need not be in the URL of what is composed.
const query = new URLSearchParams(location.search);
const isUnchanged = (field) => field.tagName === "SELECT"
  ? field.selectedOptions[0]?.defaultSelected
  : field.type === "radio" ? field.defaultChecked : field.value === field.defaultValue;
for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", () => {
    for (const field of form.elements) {
      // Sets of fields and buttons are among them.
      if (!field.name) continue;
      const isLeft = field.value.trim() === "" || (!query.has(field.name) && isUnchanged(field) && field.type !== "checkbox");
      field.disabled = isLeft;
    }
  });
}
// A page that is gone back to has its fields again.
addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("form :disabled")) field.disabled = false;
});

// The words of a search, as they were typed.
const words = query.get("q");
const search = document.getElementById("search");
if (words !== null && search !== null) search.value = words;

// Lists that are filtered while one types.
for (const field of document.querySelectorAll("input[data-filters]")) {
  const items = [...document.getElementById(field.dataset.filters).children];
  const nothing = document.querySelector(".nothing");
  const fold = (text) => text.normalize("NFKC").toLocaleLowerCase();
  const names = items.map((item) => fold(item.querySelector("bdi").textContent));
  field.addEventListener("input", () => {
    const wanted = fold(field.value.trim());
    let count = 0;
    items.forEach((item, place) => {
      item.hidden = !names[place].includes(wanted);
      if (!item.hidden) count += 1;
    });
    nothing.hidden = count > 0;
  });
}
