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

// Copying from a field by hand copies the URL as it is sent, not as it is shown.
for (const field of document.querySelectorAll("input[data-url]")) {
  field.addEventListener("focus", () => field.select());
  field.addEventListener("copy", (event) => {
    if (field.selectionStart !== 0 || field.selectionEnd !== field.value.length) return;
    event.clipboardData.setData("text/plain", field.dataset.url);
    event.preventDefault();
  });
}

// Fields that are empty or unchanged are left out of the URL of the composed feed.
const query = new URLSearchParams(location.search);
const isUnchanged = (field) => field.tagName === "SELECT"
  ? field.selectedOptions[0]?.defaultSelected
  : field.type === "radio" ? field.defaultChecked : field.value === field.defaultValue;
for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", () => {
    for (const field of form.elements) {
      // Fieldsets and buttons are elements of a form too.
      if (!field.name) continue;
      const isLeft = field.value.trim() === "" || (!query.has(field.name) && isUnchanged(field) && field.type !== "checkbox");
      field.disabled = isLeft;
    }
  });
}

// Fields are enabled again when the user goes back to the page.
addEventListener("pageshow", () => {
  for (const field of document.querySelectorAll("form :disabled")) field.disabled = false;
});

// An image that cannot be loaded leaves no empty frame.
for (const image of document.querySelectorAll("img.u-featured")) {
  image.addEventListener("error", () => image.remove());
}

// The words of a search, as they were typed.
const words = query.get("q");
const search = document.getElementById("search");
if (words !== null && search !== null) search.value = words;

// Lists that are filtered while the user types.
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
