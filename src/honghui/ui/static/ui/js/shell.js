// On every page: the choice of colours, "/" for searching, and no form sent twice.

const root = document.documentElement;

function chosen() {
  try {
    return localStorage.getItem("theme") ?? "auto";
  } catch {
    return "auto";
  }
}

function choose(theme) {
  if (theme === "auto") delete root.dataset.theme;
  else root.dataset.theme = theme;
  try {
    if (theme === "auto") localStorage.removeItem("theme");
    else localStorage.setItem("theme", theme);
  } catch {
    // Without storage the choice holds for this page.
  }
  document.dispatchEvent(new CustomEvent("themechange"));
}

function press(group, theme) {
  for (const button of group.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.value === theme));
  }
}

for (const group of document.querySelectorAll("[data-theme-switch]")) {
  group.hidden = false;
  press(group, chosen());
  group.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    choose(button.value);
    for (const each of document.querySelectorAll("[data-theme-switch]")) press(each, button.value);
  });
}

// A row of links that is wider than a phone begins where the reader is.
for (const row of document.querySelectorAll(".side, .nav, .tabs")) {
  const here = row.querySelector("[aria-current]");
  if (!here || row.scrollWidth <= row.clientWidth) continue;
  const [link, frame] = [here.getBoundingClientRect(), row.getBoundingClientRect()];
  row.scrollLeft += link.x - frame.x - (frame.width - link.width) / 2;
}

const isTyping = (target) =>
  target instanceof Element && target.closest("input, textarea, select, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  const box = document.querySelector('main input[type="search"]');
  const link = document.querySelector("a[data-search]");
  if (!box && !link) return;
  event.preventDefault();
  if (box) box.focus();
  else link.click();
});

// The server carries a form's key out once whatever happens here: this only spares the waiting.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("form[data-once]") || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
  // After the browser has read the form: a disabled button's own name would not be sent.
  setTimeout(() => {
    for (const button of form.querySelectorAll("button:not([type=button])")) button.disabled = true;
  });
});

// Back to a page kept in memory: its forms are ready again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
    for (const button of form.querySelectorAll("button")) button.disabled = false;
  }
});

// A search box with data-live="#found" asks while somebody types; without this script the form's
// own button does the same. Typing pinyin in a Chinese input method is not yet text.
for (const box of document.querySelectorAll("input[data-live]")) {
  const found = document.querySelector(box.dataset.live);
  let waiting = 0;
  let asking = null;
  const ask = async () => {
    asking?.abort();
    asking = new AbortController();
    const address = new URL(box.form.action);
    address.search = new URLSearchParams(new FormData(box.form)).toString();
    const headers = { "HX-Request": "true" };
    try {
      const answer = await fetch(address, { headers, signal: asking.signal });
      if (answer.ok) found.innerHTML = await answer.text();
    } catch {
      // A newer question, or no network: what is shown stays.
    }
  };
  box.addEventListener("input", (event) => {
    clearTimeout(waiting);
    if (!event.isComposing) waiting = setTimeout(ask, 200);
  });
  box.addEventListener("compositionend", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 200);
  });
}
