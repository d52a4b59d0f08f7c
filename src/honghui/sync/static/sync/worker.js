// The service worker: the pages of the field and what they are made of, kept for hours without a
// network. `KEPT` stands before this text: {version, store, files, pages, prefixes, statics}.
//
// The one hard idea: the network is asked first and the last seen page is the answer when it is
// silent, marked with the time it is of. A page belongs to an account; when somebody signs out, or
// another account is seen, every kept page of the one before is gone. The queue of forms is never
// touched by any of this.
"use strict";
importScripts(KEPT.store);

const FILES = "files-" + KEPT.version;
const PATIENCE_SECONDS = 4;
const PAGES_MOST = 60;
const EXTRA_MOST = 120;
const FRESH_MINUTES = 10;

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const files = await caches.open(FILES);
      await files.addAll(KEPT.files);
      // As nobody in particular: it outlives a sign-out.
      for (const page of KEPT.pages) {
        await files.put(page, await fetch(page, { credentials: "omit", cache: "reload" }));
      }
      // Files have their content's hash in their name, so an older page goes on with its own.
      await self.skipWaiting();
    })()
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const names = (await caches.keys()).filter((name) => name.startsWith("files-"));
      // The one before stays for the pages that are still open; its names are in order of birth.
      const before = names.filter((name) => name !== FILES && name !== "files-extra").slice(0, -1);
      for (const name of before) await caches.delete(name);
      await self.clients.claim();
    })()
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  const path = url.pathname.replace(/^\/en\//, "/");
  if (request.method === "POST" && path === "/account/logout/") {
    event.waitUntil(forgetPages());
  } else if (request.method === "POST" && path.startsWith("/account/")) {
    event.respondWith(afterSigningIn(event));
  } else if (request.method !== "GET") {
    return;
  } else if (request.mode === "navigate") {
    if (KEPT.prefixes.some((each) => path.startsWith(each))) event.respondWith(page(event));
  } else if (url.pathname.startsWith(KEPT.statics)) {
    event.respondWith(file(event));
  }
});

self.addEventListener("message", (event) => {
  if (event.data && event.data.keep) event.waitUntil(keepAhead(event.data.keep));
  if (event.data && event.data.forget) event.waitUntil(forgetPages(event.data.except));
});

self.addEventListener("sync", (event) => {
  if (event.tag !== HonghuiSync.NAME) return;
  event.waitUntil(
    HonghuiSync.flush(true).then((went) => {
      // The browser tries again later when this fails.
      if (!went.signal) throw new Error("no network");
    })
  );
});

// ── pages ────────────────────────────────────────────────────────────────────────────────────

async function page(event) {
  const kept = await seen(event.request.url);
  const asked = fetch(event.request).then((answer) => {
    event.waitUntil(keep(event.request.url, answer.clone()));
    return answer.status >= 500 && kept ? asOf(kept) : answer;
  });
  if (!kept) return asked.catch(() => nothing(event.request.url));
  const tired = new Promise((done) => {
    setTimeout(() => done(null), PATIENCE_SECONDS * 1000);
  });
  const first = await Promise.race([asked.catch(() => null), tired]);
  return first || asOf(kept);
}

// Keeps a page of the field; of anything else, nothing.
async function keep(address, answer) {
  const type = answer.headers.get("Content-Type") || "";
  if (!answer.ok || answer.redirected || !type.startsWith("text/html")) return;
  const text = await answer.text();
  const found = text.match(/data-queue data-account="([0-9a-f-]*)"/);
  if (!found) return;
  if (found[1]) await forgetPages(found[1]);
  const headers = new Headers(answer.headers);
  headers.set("X-Kept-At", new Date().toISOString());
  const pages = await caches.open(shelf(found[1]));
  await pages.put(bare(address), new Response(text, { headers }));
  await thin(pages, PAGES_MOST);
}

function shelf(account) {
  return "pages-" + (account || "anyone");
}

function bare(address) {
  return address.split("#")[0];
}

async function seen(address) {
  for (const name of await caches.keys()) {
    if (!name.startsWith("pages-")) continue;
    const found = await (await caches.open(name)).match(bare(address));
    if (found) return found;
  }
  return null;
}

async function asOf(kept) {
  const text = await kept.text();
  const mark = '<html data-kept-at="' + kept.headers.get("X-Kept-At") + '"';
  return new Response(text.replace("<html", mark), { headers: kept.headers });
}

async function nothing(address) {
  const english = new URL(address).pathname.startsWith("/en/");
  const found = await caches.match(KEPT.pages[english ? 1 : 0], { ignoreVary: true });
  return found || Response.error();
}

async function keepAhead(addresses) {
  for (const address of addresses.slice(0, PAGES_MOST)) {
    const kept = await seen(address);
    const at = kept ? Date.parse(kept.headers.get("X-Kept-At")) : 0;
    if (Date.now() - at < FRESH_MINUTES * 60000) continue;
    try {
      await keep(address, await fetch(address, { credentials: "same-origin" }));
    } catch (error) {
      return;
    }
  }
}

async function forgetPages(except) {
  for (const name of await caches.keys()) {
    if (!name.startsWith("pages-") || name === shelf("") || name === shelf(except)) continue;
    await caches.delete(name);
  }
}

async function afterSigningIn(event) {
  const answer = await fetch(event.request);
  event.waitUntil(
    (async () => {
      const places = await HonghuiSync.note("places");
      if (!places) return;
      const state = await (await fetch(places.state, { cache: "no-store" })).json();
      if (state.account) await forgetPages(state.account);
    })()
  );
  return answer;
}

// ── files ────────────────────────────────────────────────────────────────────────────────────

async function file(event) {
  const found = await caches.match(event.request, { ignoreVary: true });
  if (found) return found;
  const answer = await fetch(event.request);
  const from = event.request.referrer ? new URL(event.request.referrer).pathname : "";
  const path = from.replace(/^\/en\//, "/");
  if (answer.ok && KEPT.prefixes.some((each) => path.startsWith(each))) {
    const copy = answer.clone();
    event.waitUntil(
      (async () => {
        const extra = await caches.open("files-extra");
        await extra.put(event.request, copy);
        await thin(extra, EXTRA_MOST);
      })()
    );
  }
  return answer;
}

async function thin(cache, most) {
  const keys = await cache.keys();
  for (const old of keys.slice(0, Math.max(0, keys.length - most))) await cache.delete(old);
}

// ── web push ─────────────────────────────────────────────────────────────────────────────────
// Only this browser could decrypt it. A tap opens a page of ours, and of nobody else.

self.addEventListener("push", (event) => {
  let said = {};
  try {
    said = event.data ? event.data.json() : {};
  } catch {
    return;
  }
  const shown = { body: said.text || "", tag: said.tag || "", data: { link: said.link || "/" } };
  event.waitUntil(self.registration.showNotification("红会", { ...shown, requireInteraction: true }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const link = new URL(event.notification.data.link, self.location.origin);
  if (link.origin === self.location.origin) event.waitUntil(self.clients.openWindow(link.href));
});
