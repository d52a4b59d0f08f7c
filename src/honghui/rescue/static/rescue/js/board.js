// The board follows what comes in: it asks twice a second at most, is answered "as before" when
// nothing changed, and else puts in only the parts that differ. It rests while nobody looks, and
// says so when it cannot reach the server: a number that stands still must not look alive.

const EVERY = 500;
const LATE_AFTER = 4_000;
const OFFLINE_AFTER = 12_000;
const SLOWEST = 8_000;
const SPOKEN_EVERY = 10_000;

const board = document.querySelector("[data-board]");
const parts = board?.querySelector("[data-parts]");
const address = board?.dataset.board;

// What the server last said of each part: what a reader opened in it is no difference.
const said = new Map();
const of = (root) => [...root.querySelectorAll("[data-part]")];

function remember(root) {
  for (const part of of(root)) said.set(part.dataset.part, part.outerHTML);
}

function put(next) {
  for (const list of next.querySelectorAll("[data-list]")) {
    const here = parts.querySelector(`[data-list="${list.dataset.list}"]`);
    if (!here) continue;
    here.className = list.className;
    const wanted = [...list.children];
    const keys = new Set(wanted.map((child) => child.dataset.part));
    for (const child of [...here.children]) if (!keys.has(child.dataset.part)) child.remove();
    wanted.forEach((child, at) => {
      const kept = here.querySelector(`:scope > [data-part="${child.dataset.part}"]`);
      if (!kept) {
        here.insertBefore(child.cloneNode(true), here.children[at] ?? null);
        said.set(child.dataset.part, child.outerHTML);
      } else if (here.children[at] !== kept) here.insertBefore(kept, here.children[at]);
    });
  }
  const keys = new Set(of(next).map((part) => part.dataset.part));
  for (const part of of(parts)) if (!keys.has(part.dataset.part)) part.remove();
  for (const part of of(next)) change(part);
}

function change(next) {
  const key = next.dataset.part;
  const html = next.outerHTML;
  if (said.get(key) === html) return;
  said.set(key, html);
  const part = parts.querySelector(`[data-part="${key}"]`);
  if (!part) {
    // A part that was not there before: where the server has it.
    const before = next.previousElementSibling?.dataset.part;
    const neighbour = before && parts.querySelector(`[data-part="${before}"]`);
    if (neighbour) neighbour.after(next.cloneNode(true));
    return;
  }
  const open = [...part.querySelectorAll("details")].map((one) => one.open);
  const scrolled = [...part.querySelectorAll(".scroll")].map((one) => one.scrollLeft);
  const focus = focused(part);
  const fresh = next.cloneNode(true);
  part.replaceWith(fresh);
  [...fresh.querySelectorAll("details")].forEach((one, at) => (one.open = open[at] ?? false));
  [...fresh.querySelectorAll(".scroll")].forEach((one, at) => (one.scrollLeft = scrolled[at] ?? 0));
  if (focus) [...fresh.querySelectorAll(FOCUSABLE)][focus.at]?.focus({ preventScroll: true });
  if (key !== "head") fresh.classList.add("bd-changed");
  if (fresh.dataset.say) speak(fresh.dataset.say);
}

const FOCUSABLE = "a, button, summary, input, [tabindex]";
function focused(part) {
  if (!part.contains(document.activeElement)) return null;
  return { at: [...part.querySelectorAll(FOCUSABLE)].indexOf(document.activeElement) };
}

// Read out politely: the newest, and not more often than somebody can listen.
const spoken = board?.querySelector("[data-spoken]");
let waiting = "";
let spokenAt = 0;
function speak(text) {
  const left = spokenAt + SPOKEN_EVERY - Date.now();
  if (waiting) waiting = text;
  else if (left > 0) {
    waiting = text;
    setTimeout(() => {
      const newest = waiting;
      waiting = "";
      speak(newest);
    }, left);
  } else if (spoken.textContent !== text) {
    spokenAt = Date.now();
    spoken.textContent = text;
  }
}

// How it stands with the line to the server.
const live = board?.querySelector("[data-live]");
const words = live?.querySelector("[data-live-text]");
let heardAt = Date.now();
const clock = (moment) =>
  [moment.getHours(), moment.getMinutes(), moment.getSeconds()]
    .map((each) => String(each).padStart(2, "0"))
    .join(":");

function tell(state) {
  const text = words.dataset[state === "live" ? "following" : state];
  const shown = ["late", "offline"].includes(state) ? `${text} ${clock(new Date(heardAt))}` : text;
  if (live.dataset.state === state && words.textContent === shown) return;
  const grave = state === "offline" || state === "gone";
  if (grave && live.dataset.state !== state) speak(shown);
  live.dataset.state = state;
  words.textContent = shown;
}

function judge() {
  const silent = Date.now() - heardAt;
  if (live.dataset.state === "gone") return;
  if (document.hidden) tell("paused");
  else if (silent > OFFLINE_AFTER || (!navigator.onLine && silent > EVERY * 2)) tell("offline");
  else if (silent > LATE_AFTER) tell("late");
  else tell("live");
}

let tag = board?.dataset.etag;
let pause = EVERY;
let next = 0;
let asking = false;

async function ask() {
  if (asking) return;
  asking = true;
  clearTimeout(next);
  const stop = new AbortController();
  const limit = setTimeout(() => stop.abort(), LATE_AFTER);
  try {
    const headers = { "If-None-Match": tag };
    const answer = await fetch(address, {
      headers, signal: stop.signal, cache: "no-store", redirect: "manual",
    });
    if (answer.status === 304) heard();
    else if (answer.ok) {
      const text = await answer.text();
      put(new DOMParser().parseFromString(text, "text/html"));
      tag = answer.headers.get("ETag") ?? "";
      heard();
    } else if (answer.type === "opaqueredirect" || [401, 403, 404].includes(answer.status)) {
      tell("gone");
      asking = false;
      clearTimeout(limit);
      return;
    } else pause = Math.min(pause * 2, SLOWEST);
  } catch {
    pause = Math.min(pause * 2, SLOWEST);
  }
  clearTimeout(limit);
  asking = false;
  judge();
  if (!document.hidden) next = setTimeout(ask, pause);
}

function heard() {
  heardAt = Date.now();
  pause = EVERY;
}

function now() {
  pause = EVERY;
  if (live.dataset.state !== "gone") ask();
}

if (address) {
  remember(parts);
  tell("live");
  next = setTimeout(ask, EVERY);
  setInterval(judge, 1_000);
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      clearTimeout(next);
      tell("paused");
    } else now();
  });
  addEventListener("online", now);
  addEventListener("offline", judge);
}

// Keys press the links that name them; "f" fills the screen.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target instanceof Element && event.target.closest("input, textarea, select")) return;
  const key = event.key.toLowerCase();
  const link = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
  if (link) {
    event.preventDefault();
    link.click();
  } else if (key === "f" && document.fullscreenEnabled) {
    event.preventDefault();
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  }
});
