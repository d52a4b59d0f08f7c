// On every page of the field: each <form data-sync="kind"> is kept on the phone first and sent when
// there is a network; the bar above says how many wait. Without this script the form is posted.
//
//   data-sync="kind"       which handler takes it (sync.handling.accept)
//   data-title="Arrived"   what it is called in the queue; else the page's heading
//   data-link="token"      made at a link's address, by whoever has it
//   data-next="/field/"    where to go once it is kept; else the form is empty again
//   [data-photos]          says how many photos are taken; beside the form's file input
//   button[data-position]  fills latitude_microdegrees, longitude_microdegrees, accuracy_metres
//   a[data-offline]        a page that is kept on the phone beforehand
//
// Values of one name are put together, one a line. The event "sync:kept" tells the page of it.
(function () {
  "use strict";

  var sync = self.HonghuiSync;
  var bar = document.querySelector("[data-queue]");
  if (!bar || !sync || !self.indexedDB || !self.fetch || !self.crypto) return;

  var account = bar.dataset.account;
  var EDGE = 2048;
  var PHOTOS_MOST = 12;
  var kept = document.documentElement.dataset.keptAt || "";
  var standing = { signal: navigator.onLine !== false, account: kept ? null : account };
  var said = {};
  for (var each of document.querySelectorAll("[data-queue-words] [data-word]")) {
    said[each.dataset.word] = each.textContent;
  }

  function words(name, values) {
    return (said[name] || "").replace(/\{(\w+)\}/g, function (_all, key) {
      return values[key];
    });
  }

  function clock(iso) {
    var at = new Date(iso);
    var sameDay = at.toDateString() === new Date().toDateString();
    var day = { month: "numeric", day: "numeric" };
    var hour = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    return at.toLocaleString(document.documentElement.lang, Object.assign(sameDay ? {} : day, hour));
  }

  // ── the bar ────────────────────────────────────────────────────────────────────────────────

  function show(element, text) {
    if (element && element.textContent !== text) element.textContent = text;
    if (element) element.hidden = !text;
  }

  async function draw() {
    var now = await sync.standing(account);
    var waiting = now.mine.filter(function (form) {
      return form.state === "waiting";
    });
    var refused = now.mine.length - waiting.length;
    bar.dataset.state = refused ? "refused" : waiting.length ? "waiting" : "empty";
    show(bar.querySelector("[data-queue-signal]"), sentence(waiting, refused, now.others));
    var count = "";
    if (waiting.length) count = words("waiting", { n: waiting.length });
    if (refused) count += (count && " · ") + words("refused_count", { n: refused });
    show(bar.querySelector("[data-queue-count]"), count);
    if (kept) {
      var word = standing.signal && navigator.onLine !== false ? "as_of_signal" : "as_of";
      show(document.querySelector("[data-kept-at]:not(html)"), words(word, { time: clock(kept) }));
    }
    document.dispatchEvent(new CustomEvent("sync:drawn", { detail: now }));
  }

  function sentence(waiting, refused, others) {
    var oldest = waiting.map(function (form) {
      return form.made_at;
    }).sort()[0];
    if (!standing.signal || navigator.onLine === false) {
      return oldest ? words("offline_since", { time: clock(oldest) }) : words("offline", {});
    }
    if (standing.account === "" && account && waiting.some((form) => !form.link)) {
      return words("signed_out", {});
    }
    if (standing.account && account && standing.account !== account) return words("other", {});
    if (waiting.length) return words("sending", { time: clock(oldest) });
    if (refused) return words("refused", {});
    return others ? words("others", { n: others }) : words("sent", {});
  }

  // ── sending: after each form, when the network is back, when the page is seen, and by and by ─

  var timer = 0;
  var tries = 0;
  var running = false;
  var wanted = "";

  async function send(force) {
    clearTimeout(timer);
    if (running) {
      wanted = force ? "force" : wanted || "yes";
      return;
    }
    running = true;
    var went = { signal: false };
    try {
      went = await sync.flush(force);
    } catch (error) {
      // Kept as it is; the next time tries again.
    }
    running = false;
    if (!went.busy) {
      standing.signal = went.signal;
      if (went.account !== undefined) standing.account = went.account;
    }
    await draw();
    var left = (await sync.standing(account)).mine.some(function (form) {
      return form.state === "waiting";
    });
    tries = went.signal ? 0 : tries + 1;
    if (wanted) {
      var again = wanted === "force";
      wanted = "";
      return send(again);
    }
    var seconds = Math.min(120, 5 * Math.pow(2, Math.min(tries, 5)));
    timer = setTimeout(send, (left ? seconds : 300) * 1000);
  }

  addEventListener("online", function () {
    send(true);
  });
  addEventListener("offline", function () {
    standing.signal = false;
    draw();
  });
  document.addEventListener("visibilitychange", function () {
    if (document.visibilityState === "visible") send(true);
  });
  addEventListener("pageshow", function (event) {
    if (event.persisted) send(true);
  });
  sync.onChange(draw);

  // ── photos: made smaller on the phone; what a canvas draws knows no position ────────────────

  async function drawn(file) {
    if (self.createImageBitmap) {
      try {
        return await createImageBitmap(file, { imageOrientation: "from-image" });
      } catch (error) {
        // Older engines know no options.
      }
    }
    var address = await new Promise(function (done, failed) {
      var reader = new FileReader();
      reader.onload = () => done(reader.result);
      reader.onerror = () => failed(reader.error);
      reader.readAsDataURL(file);
    });
    return new Promise(function (done, failed) {
      var image = new Image();
      image.onload = () => done(image);
      image.onerror = () => failed(new Error("no picture"));
      image.src = address;
    });
  }

  async function smaller(file) {
    try {
      var picture = await drawn(file);
      var scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
      var canvas = document.createElement("canvas");
      canvas.width = Math.max(1, Math.round(picture.width * scale));
      canvas.height = Math.max(1, Math.round(picture.height * scale));
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      if (picture.close) picture.close();
      var blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.82));
      canvas.width = canvas.height = 0;
      if (blob) return blob;
    } catch (error) {
      // What this browser cannot draw is sent as it is; the server says whether it is a photo.
    }
    return file;
  }

  async function photoOf(file, name) {
    var blob = await smaller(file);
    var bytes = await new Response(blob).arrayBuffer();
    var id = sync.newId();
    var about = {
      id: id, field: name, sha256: await sync.sha256(bytes), bytes: bytes.byteLength,
      media_type: blob.type || "image/jpeg", state: "",
    };
    return { about: about, stored: { id: id, bytes: bytes } };
  }

  // ── forms ──────────────────────────────────────────────────────────────────────────────────

  function fieldsOf(form) {
    var fields = {};
    new FormData(form).forEach(function (value, name) {
      if (typeof value !== "string" || name === "csrfmiddlewaretoken" || name === "once") return;
      fields[name] = name in fields ? fields[name] + "\n" + value : value;
    });
    return fields;
  }

  function fill(form, fields) {
    for (var control of form.elements) {
      var skipped = ["file", "password", "submit", "button"].indexOf(control.type) >= 0;
      if (skipped || !(control.name in fields) || control.type === "hidden") continue;
      var values = fields[control.name].split("\n");
      if (control.type === "radio" || control.type === "checkbox") {
        control.checked = values.indexOf(control.value) >= 0;
      } else if (control.multiple) {
        for (var option of control.options) option.selected = values.indexOf(option.value) >= 0;
      } else {
        control.value = fields[control.name];
      }
      control.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  // What somebody reads in the queue: what was filled in, in the form's own order.
  function summary(form) {
    var texts = [];
    for (var control of form.elements) {
      if (["hidden", "file", "submit", "button", "password"].indexOf(control.type) >= 0) continue;
      var isBox = control.type === "radio" || control.type === "checkbox";
      var text = control.value;
      if (isBox) text = control.checked && control.labels[0] ? control.labels[0].textContent : "";
      else if (control.selectedOptions) text = Array.from(control.selectedOptions, (o) => o.text)[0];
      text = (text || "").trim();
      // A number alone says nothing.
      var label = /^\d+$/.test(text) && control.labels && control.labels[0];
      if (text) texts.push(label ? label.textContent.trim() + " " + text : text);
    }
    return texts.join(" · ").slice(0, 80);
  }

  function titleOf(form) {
    var heading = document.querySelector("h1");
    return form.dataset.title || (heading ? heading.textContent.trim() : document.title);
  }

  function say(form, text) {
    var place = form.querySelector("[data-sync-said]");
    if (!place) {
      place = document.createElement("p");
      place.className = "sync-said";
      place.setAttribute("role", "status");
      place.dataset.syncSaid = "";
      form.appendChild(place);
    }
    place.textContent = text;
  }

  function prepare(form) {
    var files = Array.from(form.querySelectorAll("input[type=file]"));
    if (files.length && !(crypto.subtle && self.Response)) return;
    var photos = [];
    var working = Promise.resolve();
    var correcting = null;
    var busy = false;
    var number = sync.newId();
    // Not form.id: a field may be called so.
    var name = form.getAttribute("id") || "";
    var draftKey = [account, location.pathname, form.dataset.sync, name].join("|");
    var drafting = 0;

    function count() {
      var earlier = correcting ? correcting.attachments.length : 0;
      var n = photos.length + earlier;
      show(form.querySelector("[data-photos]"), n ? words("photos", { n: n }) : "");
    }

    function takePhotos(input) {
      var chosen = Array.from(input.files);
      working = working.then(async function () {
        for (var file of chosen) {
          if (photos.length < PHOTOS_MOST) photos.push(await photoOf(file, input.name));
          count();
        }
        // The same photo may be taken again, and it is not sent twice by the plain form.
        input.value = "";
      });
    }

    async function keep() {
      await working;
      var again = correcting;
      var record = {
        id: again ? again.id : number,
        kind: form.dataset.sync, account: account, link: form.dataset.link || "",
        page: location.pathname + location.search, element: name, title: titleOf(form),
        summary: summary(form),
        made_at: again ? again.made_at : new Date().toISOString(), fields: fieldsOf(form),
        attachments: (again ? again.attachments : []).concat(photos.map((each) => each.about)),
        state: "waiting", tries: 0, next_at: 0, answer: null,
      };
      await sync.queue(record, photos.map((each) => each.stored), draftKey);
    }

    function clear() {
      clearTimeout(drafting);
      number = sync.newId();
      photos = [];
      correcting = null;
      form.reset();
      count();
      if (location.hash.indexOf("#sync=") === 0) {
        history.replaceState(null, "", location.pathname + location.search);
      }
    }

    form.addEventListener("submit", async function (event) {
      event.preventDefault();
      // A second press while the first is being written would be a second form.
      if (busy || !form.reportValidity()) return;
      busy = true;
      form.setAttribute("aria-busy", "true");
      try {
        await keep();
        clear();
        say(form, words(navigator.onLine === false ? "kept_offline" : "kept", {}));
        form.dispatchEvent(new CustomEvent("sync:kept", { bubbles: true }));
        if (form.dataset.next) location.assign(form.dataset.next);
        else send(true);
      } catch (error) {
        say(form, words("full", {}));
      }
      busy = false;
      form.removeAttribute("aria-busy");
    });

    form.addEventListener("input", function () {
      clearTimeout(drafting);
      drafting = setTimeout(function () {
        if (correcting || busy) return;
        sync.put("drafts", { key: draftKey, number: number, fields: fieldsOf(form) });
      }, 300);
    });
    for (var input of files) {
      input.required = false;
      input.addEventListener("change", (event) => takePhotos(event.target));
    }

    async function begin() {
      var asked = location.hash.match(/^#sync=([0-9a-f-]{36})$/);
      var record = asked ? await sync.get("forms", asked[1]) : null;
      var isOurs = record && record.kind === form.dataset.sync && record.element === name;
      if (isOurs && record.state === "refused") {
        correcting = record;
        fill(form, record.fields);
        say(form, [record.answer.sentence, record.answer.hint].join(" "));
        if (/^sync\.(attachment|bytes)/.test(record.answer.code)) correcting.attachments = [];
        count();
        form.scrollIntoView();
        return;
      }
      var draft = await sync.get("drafts", draftKey);
      if (!draft) return;
      // A number that is in the queue already belongs to what was kept.
      if (await sync.get("forms", draft.number)) return sync.remove("drafts", draftKey);
      number = draft.number;
      fill(form, draft.fields);
    }
    begin().catch(function () {});
  }

  // ── where somebody is, when they say so ─────────────────────────────────────────────────────

  function locate(button) {
    var form = button.form;
    var place = form.querySelector("[data-position-said]");
    show(place, words("locating", {}));
    navigator.geolocation.getCurrentPosition(
      function (found) {
        var set = (name, value) => {
          if (form.elements[name]) form.elements[name].value = String(Math.round(value));
        };
        set("latitude_microdegrees", found.coords.latitude * 1e6);
        set("longitude_microdegrees", found.coords.longitude * 1e6);
        set("accuracy_metres", found.coords.accuracy);
        show(place, words("located", { n: Math.round(found.coords.accuracy) }));
      },
      () => show(place, words("not_located", {})),
      { enableHighAccuracy: true, timeout: 30000, maximumAge: 30000 }
    );
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest("button[data-position]");
    if (button && navigator.geolocation) locate(button);
  });

  // ── the start ──────────────────────────────────────────────────────────────────────────────

  async function begin() {
    if (kept) standing.signal = false;
    // Where nothing can be stored at all (a private window) the forms stay plain ones.
    await sync.open();
    for (var form of document.querySelectorAll("form[data-sync]")) prepare(form);
    await sync.put("notes", {
      key: "places",
      value: {
        state: bar.dataset.ask, forms: bar.dataset.forms,
        attachments: bar.dataset.forms.replace(/forms$/, "attachments/"),
      },
    });
    await draw();
    send(true);
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
    work();
  }

  async function work() {
    if (!navigator.serviceWorker) return;
    var registration = await working();
    if (kept) return;
    var ahead = Array.from(document.querySelectorAll("a[data-offline]"), (link) => link.href);
    registration.active.postMessage({ keep: [location.href.split("#")[0]].concat(ahead) });
  }

  // A signal that fails while the worker is fetched leaves the phone without one until the next page:
  // too late where there is none. So it is fetched again, later each time, until one stands.
  async function working() {
    for (var pause = 1; ; pause = Math.min(60, pause * 2)) {
      try {
        var registration = await navigator.serviceWorker.register("/sw.js", {
          scope: "/", updateViaCache: "none",
        });
        var coming = registration.installing || registration.waiting;
        if (registration.active || (coming && (await stands(coming)))) return registration;
      } catch (error) {
        // Tried again below.
      }
      await new Promise(function (go) { setTimeout(go, pause * 1000); });
    }
  }

  function stands(coming) {
    return new Promise(function (told) {
      function look() {
        if (coming.state === "activated") told(true);
        if (coming.state === "redundant") told(false);
      }
      coming.addEventListener("statechange", look);
      look();
    });
  }

  begin().catch(function () {
    // A phone that is full says so when something is written down.
  });
  self.HonghuiQueue = { words: words, clock: clock, send: send };
})();
