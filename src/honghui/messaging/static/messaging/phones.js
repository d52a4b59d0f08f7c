// Brings what arrived without a reload, and leaves alone what somebody is typing.
const box = document.querySelector("[data-live]");
let last = box ? box.innerHTML : "";
setInterval(async () => {
  if (!box || document.hidden) return;
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-live]");
    if (fresh && fresh.innerHTML !== last) {
      last = fresh.innerHTML;
      box.replaceChildren(...fresh.childNodes);
      const extension = document.querySelector("input[name=extension]");
      const named = page.querySelector("input[name=extension]");
      if (extension && named && document.activeElement !== extension) extension.value = named.value;
    }
  } catch {
    // The gateway was stopped; it is asked again in two seconds.
  }
}, 2000);
