// Passkeys: their buttons show where scripts run, and a refusal is said on the page.

for (const part of document.querySelectorAll("[data-passkey]")) part.hidden = false;

document.addEventListener("allauth.error", (event) => {
  // Cancelled, no key, or no such address: the page says what to do; nothing is broken.
  event.preventDefault();
  for (const line of document.querySelectorAll("[data-passkey-error]")) line.hidden = false;
});
