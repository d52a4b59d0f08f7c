// The queue of forms on this phone, and the way they take to the server. Used by the pages and by
// the service worker, so it knows neither window nor document.
//
// The one hard idea: a form is written into IndexedDB under a number of its own before anything is
// sent, and leaves it only when the server has answered "taken" for that number. Whatever happens in
// between (no network, a killed tab, an answer that got lost, a session that ended) it is sent again
// under the same number, and the server carries one number out once.
(function (scope) {
  "use strict";

  var NAME = "honghui-sync";
  var CHUNK_BYTES = 256 * 1024;
  var LETTER_FORMS = 20;
  var DONE_KEPT = 60;
  var WAIT_SECONDS = [5, 10, 20, 40, 80, 160, 300];
  var opening = null;

  // ── the database ───────────────────────────────────────────────────────────────────────────

  function open() {
    if (opening) return opening;
    opening = new Promise(function (done, failed) {
      var asked = scope.indexedDB.open(NAME, 1);
      asked.onupgradeneeded = function () {
        asked.result.createObjectStore("forms", { keyPath: "id" });
        asked.result.createObjectStore("bytes", { keyPath: "id" });
        asked.result.createObjectStore("done", { keyPath: "id" });
        asked.result.createObjectStore("drafts", { keyPath: "key" });
        asked.result.createObjectStore("notes", { keyPath: "key" });
      };
      asked.onsuccess = function () {
        // A newer page may need to change the tables: it must not wait for this one.
        asked.result.onversionchange = function () {
          asked.result.close();
          opening = null;
        };
        asked.result.onclose = function () {
          opening = null;
        };
        done(asked.result);
      };
      asked.onerror = function () {
        opening = null;
        failed(asked.error);
      };
    });
    return opening;
  }

  // Runs `work` in one transaction and answers when it is on the disk: {stores} -> request or none.
  async function within(names, mode, work) {
    var database = await open();
    return new Promise(function (done, failed) {
      var deal = database.transaction(names, mode, { durability: "strict" });
      var stores = {};
      for (var name of names) stores[name] = deal.objectStore(name);
      var asked = work(stores);
      deal.oncomplete = function () {
        done(asked ? asked.result : undefined);
      };
      deal.onerror = deal.onabort = function () {
        failed(deal.error);
      };
    });
  }

  function all(name) {
    return within([name], "readonly", function (to) {
      return to[name].getAll();
    });
  }

  function get(name, key) {
    return within([name], "readonly", function (to) {
      return to[name].get(key);
    });
  }

  function put(name, value) {
    return within([name], "readwrite", function (to) {
      to[name].put(value);
    });
  }

  function remove(name, key) {
    return within([name], "readwrite", function (to) {
      to[name].delete(key);
    });
  }

  async function note(key) {
    var found = await get("notes", key);
    return found ? found.value : undefined;
  }

  // A UUID of version 7: sorted by birth, made without asking anybody.
  function newId() {
    var bytes = scope.crypto.getRandomValues(new Uint8Array(16));
    var time = Date.now();
    for (var i = 5; i >= 0; i--) {
      bytes[i] = time % 256;
      time = Math.floor(time / 256);
    }
    bytes[6] = (bytes[6] & 15) | 112;
    bytes[8] = (bytes[8] & 63) | 128;
    var hex = Array.from(bytes, function (one) {
      return (one + 256).toString(16).slice(1);
    }).join("");
    return [8, 12, 16, 20, 32].map(function (end, at, ends) {
      return hex.slice(at ? ends[at - 1] : 0, end);
    }).join("-");
  }

  async function sha256(bytes) {
    var hash = await scope.crypto.subtle.digest("SHA-256", bytes);
    return Array.from(new Uint8Array(hash), function (one) {
      return (one + 256).toString(16).slice(1);
    }).join("");
  }

  // ── what is queued ─────────────────────────────────────────────────────────────────────────

  // The form, the bytes of its photos, and its draft's end: all of it or nothing.
  async function queue(form, photos, draft) {
    await within(["forms", "bytes", "drafts"], "readwrite", function (to) {
      to.forms.put(form);
      for (var photo of photos) to.bytes.put(photo);
      if (draft) to.drafts.delete(draft);
    });
    tell();
    var registration = scope.registration || (await ready());
    if (registration && registration.sync) {
      // Where there is none, or it is forbidden, the pages do it alone.
      registration.sync.register(NAME).catch(function () {});
    }
  }

  async function ready() {
    var workers = scope.navigator.serviceWorker;
    return workers && workers.getRegistration ? workers.getRegistration("/") : null;
  }

  async function discard(id) {
    var form = await get("forms", id);
    if (form) await leave(form, null);
    tell();
  }

  // The only way out of the queue. `done`: what is remembered of a form that was taken.
  function leave(form, done) {
    return within(["forms", "bytes", "done"], "readwrite", function (to) {
      to.forms.delete(form.id);
      for (var photo of form.attachments) to.bytes.delete(photo.id);
      if (done) to.done.put(done);
    });
  }

  async function trim() {
    var done = await all("done");
    done.sort(function (one, other) {
      return one.taken_at < other.taken_at ? 1 : -1;
    });
    for (var old of done.slice(DONE_KEPT)) await remove("done", old.id);
  }

  // {mine, others}: forms this account or a link may send, and how many wait for another account.
  async function standing(account) {
    var forms = await all("forms");
    var mine = forms.filter(function (form) {
      return form.link || form.account === account;
    });
    return { mine: mine, others: forms.length - mine.length };
  }

  var channel = scope.BroadcastChannel ? new scope.BroadcastChannel(NAME) : null;
  var listeners = [];

  function tell() {
    if (channel) channel.postMessage("changed");
    for (var each of listeners) each();
  }

  function onChange(listener) {
    listeners.push(listener);
    if (channel && listeners.length === 1) {
      channel.onmessage = function () {
        for (var each of listeners) each();
      };
    }
  }

  // ── sending ────────────────────────────────────────────────────────────────────────────────

  // The answer as JSON with its status. Throws when there is no network, and when somebody else
  // answers for the server: a hotel's sign-in page is no answer.
  async function ask(address, options, seconds) {
    var stop = scope.AbortController ? new scope.AbortController() : null;
    var timer = setTimeout(function () {
      if (stop) stop.abort();
    }, seconds * 1000);
    try {
      var wanted = Object.assign({ credentials: "same-origin", cache: "no-store" }, options);
      if (stop) wanted.signal = stop.signal;
      var answer = await scope.fetch(address, wanted);
      var type = answer.headers.get("Content-Type") || "";
      if (type.indexOf("application/json") !== 0) {
        return { status: answer.status >= 500 ? answer.status : 503, body: {} };
      }
      return { status: answer.status, body: await answer.json() };
    } finally {
      clearTimeout(timer);
    }
  }

  // Sends what is due. {signal, account, sent}; one at a time on this phone, where locks exist.
  async function flush(force) {
    var locks = scope.navigator.locks;
    if (!locks) return flushAlone(force);
    return locks.request(NAME, { ifAvailable: true }, function (lock) {
      return lock ? flushAlone(force) : { signal: true, busy: true };
    });
  }

  async function flushAlone(force) {
    var places = await note("places");
    if (!places) return { signal: true };
    try {
      var state = await ask(places.state, {}, 15);
      if (state.status !== 200) return { signal: false };
      return await sendAll(places, state.body, force);
    } catch (error) {
      if (error && error.name === "QuotaExceededError") throw error;
      return { signal: false };
    }
  }

  async function sendAll(places, who, force) {
    var now = Date.now();
    var due = (await standing(who.account)).mine.filter(function (form) {
      var may = form.link || who.account;
      return may && form.state === "waiting" && (force || form.next_at <= now);
    });
    due.sort(function (one, other) {
      return waitsForPhotos(one) - waitsForPhotos(other) || (one.id < other.id ? -1 : 1);
    });
    var plain = due.filter(function (form) {
      return !waitsForPhotos(form);
    });
    for (var linked of [false, true]) {
      var theirs = plain.filter(function (form) {
        return Boolean(form.link) === linked;
      });
      for (var at = 0; at < theirs.length; at += LETTER_FORMS) {
        await sendLetter(places, who, theirs.slice(at, at + LETTER_FORMS));
      }
    }
    for (var form of due.filter(waitsForPhotos)) {
      if (await sendPhotos(places, who, form)) await sendLetter(places, who, [form]);
    }
    return { signal: true, account: who.account, sent: due.length };
  }

  function waitsForPhotos(form) {
    return form.attachments.some(function (photo) {
      return photo.state !== "whole";
    });
  }

  async function sendLetter(places, who, forms) {
    var letter = {
      now: new Date().toISOString(),
      account: forms[0].link ? "" : who.account,
      forms: forms.map(function (form) {
        return {
          id: form.id,
          kind: form.kind,
          made_at: form.made_at,
          fields: form.fields,
          link: form.link,
          attachments: form.attachments.map(function (photo) {
            return {
              id: photo.id, sha256: photo.sha256, bytes: photo.bytes, media_type: photo.media_type,
            };
          }),
        };
      }),
    };
    var headers = { "Content-Type": "application/json", "X-CSRFToken": who.csrf };
    var options = { method: "POST", headers: headers, body: JSON.stringify(letter) };
    var answer = await ask(places.forms, options, 60);
    var answers = {};
    for (var one of answer.body.answers || []) answers[one.id] = one;
    for (var form of forms) {
      await settle(form, answers[form.id] || whole(answer, forms.length));
    }
    tell();
  }

  // The letter as a whole was not taken. A single form that the server cannot read is the person's
  // to correct; everything else passes.
  function whole(answer, count) {
    var wrong = count === 1 && (answer.status === 413 || answer.status === 422);
    return Object.assign({}, answer.body, { state: wrong ? "refused" : "again" });
  }

  async function settle(form, answer) {
    if (answer.state === "taken") {
      await leave(form, {
        id: form.id, account: form.account, link: form.link, title: form.title,
        summary: form.summary, made_at: form.made_at, taken_at: new Date().toISOString(),
        url: answer.url || "", page: form.page, element: form.element,
      });
      await trim();
      return;
    }
    form.answer = {
      code: answer.code || "", sentence: answer.sentence || "", hint: answer.hint || "",
      field: answer.field || "",
    };
    if (answer.state === "refused" && answer.code) {
      form.state = "refused";
    } else {
      for (var photo of form.attachments) {
        if ((answer.missing || []).indexOf(photo.id) >= 0) photo.state = photo.begun = "";
      }
      await later(form);
    }
    await put("forms", form);
  }

  async function later(form) {
    var seconds = WAIT_SECONDS[Math.min(form.tries, WAIT_SECONDS.length - 1)];
    form.tries += 1;
    form.next_at = Date.now() + seconds * 1000 * (0.75 + Math.random() / 2);
  }

  // ── photos, one by one, piece by piece ─────────────────────────────────────────────────────

  // Whether all of the form's photos are there now.
  async function sendPhotos(places, who, form) {
    for (var photo of form.attachments) {
      if (photo.state === "whole") continue;
      var kept = await get("bytes", photo.id);
      var answer = kept ? await sendPhoto(places, who, form, photo, kept.bytes) : lost();
      if (answer.status !== 200) {
        await settle(form, whole(answer, 1));
        tell();
        return false;
      }
      photo.state = "whole";
      await put("forms", form);
      tell();
    }
    return true;
  }

  function lost() {
    var words = { code: "sync.bytes_lost", sentence: "", hint: "" };
    return { status: 422, body: words };
  }

  async function sendPhoto(places, who, form, photo, bytes) {
    var received = 0;
    var restarts = 0;
    if (photo.begun) {
      var known = await piece(places, who, form, photo, bytes, -1);
      if (known.status !== 200 || known.body.state === "whole") return known;
      received = known.body.received;
    } else {
      photo.begun = "yes";
      await put("forms", form);
    }
    for (;;) {
      var answer = await piece(places, who, form, photo, bytes, received);
      if (answer.status !== 200 || answer.body.state === "whole") return answer;
      if (!(answer.body.received > received) && ++restarts > 3) return { status: 503, body: {} };
      received = answer.body.received;
    }
  }

  function piece(places, who, form, photo, bytes, from) {
    var total = bytes.byteLength;
    var end = Math.min(from + CHUNK_BYTES, total);
    var headers = {
      "Content-Type": "application/octet-stream",
      "Content-Range": "bytes " + (from < 0 ? "*" : from + "-" + (end - 1)) + "/" + total,
      "X-Content-SHA256": photo.sha256,
      "X-CSRFToken": who.csrf,
    };
    if (form.link) headers["X-Sync-Link"] = form.link;
    var body = from < 0 ? undefined : bytes.slice(from, end);
    var options = { method: "PUT", headers: headers, body: body };
    return ask(places.attachments + photo.id, options, 90);
  }

  scope.HonghuiSync = {
    NAME: NAME, open: open, all: all, get: get, put: put, remove: remove, note: note, newId: newId,
    sha256: sha256, queue: queue, discard: discard, standing: standing, flush: flush, tell: tell,
    onChange: onChange,
  };
})(self);
