// "Copy the text": puts a plain text into the clipboard, and says that it did. Where the clipboard
// is closed to pages the text is shown and selected, to be copied by hand.

for (const button of document.querySelectorAll("[data-copy]")) {
  const text = document.querySelector(button.dataset.copy);
  const status = button.parentElement.querySelector("[role=status]");
  if (!text || !status) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.value);
      status.textContent = button.dataset.done;
    } catch {
      text.hidden = false;
      text.select();
      status.textContent = button.dataset.byHand;
    }
  });
}
