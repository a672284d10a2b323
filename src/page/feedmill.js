// Buttons that copy an address: there only where they work.
const told = document.getElementById("copied");
for (const button of document.querySelectorAll("button[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    let done = false;
    try {
      await navigator.clipboard.writeText(field.value);
      done = true;
    } catch {
      // Pages that are not served securely have no clipboard.
      done = document.execCommand("copy");
    }
    told.textContent = done ? `Copied ${field.value}` : "Press Ctrl+C to copy the selected address.";
  });
}
