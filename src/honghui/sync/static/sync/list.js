// The queue's own page: each form on this phone, what became of it, and what can be done.
(function () {
  "use strict";
  var sync = self.HonghuiSync;
  var page = self.HonghuiQueue;
  var list = document.querySelector("[data-queue-list]");
  if (!sync || !page || !list) return;
  var account = document.querySelector("[data-queue]").dataset.account;

  function row(name) {
    return document.querySelector("template[data-row=" + name + "]").content.cloneNode(true);
  }

  function put(element, name, text) {
    var place = element.querySelector("[data-" + name + "]");
    place.textContent = text || "";
    place.hidden = !text;
  }

  function waiting(form) {
    var photos = form.attachments.length;
    var whole = form.attachments.filter((photo) => photo.state === "whole").length;
    if (form.state === "refused") return page.words("state_refused", {});
    return photos ? page.words("state_photos", { k: whole, n: photos }) : page.words("state_waits", {});
  }

  function drawForm(form) {
    var element = row("form");
    put(element, "title", form.title);
    put(element, "summary", form.summary);
    put(element, "time", page.clock(form.made_at));
    put(element, "state", waiting(form));
    var refused = form.state === "refused";
    element.querySelector("[data-state]").classList.add(refused ? "st--now" : "st--half");
    var lost = form.answer && form.answer.code === "sync.bytes_lost";
    var reason = lost ? page.words("bytes_lost", {}) : form.answer ? form.answer.sentence : "";
    put(element, "reason", reason);
    put(element, "hint", form.answer ? form.answer.hint : "");
    var correct = element.querySelector("[data-correct]");
    correct.href = form.page + "#sync=" + form.id;
    correct.hidden = !refused;
    var again = element.querySelector("[data-again]");
    again.hidden = !refused;
    again.addEventListener("click", async function () {
      form.state = "waiting";
      form.next_at = 0;
      await sync.put("forms", form);
      page.send(true);
    });
    var discard = element.querySelector("[data-discard]");
    discard.hidden = !refused;
    discard.addEventListener("click", function () {
      if (confirm(page.words("sure", {}))) sync.discard(form.id);
    });
    return element;
  }

  function drawDone(form) {
    var element = row("done");
    put(element, "title", form.title);
    put(element, "summary", form.summary);
    put(element, "time", page.clock(form.taken_at));
    var link = element.querySelector("[data-where]");
    link.hidden = !form.url;
    if (form.url) link.href = form.url;
    return element;
  }

  function replace(place, elements) {
    while (place.firstChild) place.removeChild(place.firstChild);
    for (var each of elements) place.appendChild(each);
  }

  async function draw() {
    var now = await sync.standing(account);
    var mine = now.mine.sort((one, other) => (one.id < other.id ? -1 : 1));
    replace(list, mine.map(drawForm));
    document.querySelector("[data-queue-empty]").hidden = mine.length > 0;
    var others = document.querySelector("[data-queue-others]");
    others.hidden = !now.others;
    others.textContent = now.others ? page.words("others", { n: now.others }) : "";
    var done = (await sync.all("done")).filter((form) => form.link || form.account === account);
    done.sort((one, other) => (one.taken_at < other.taken_at ? 1 : -1));
    replace(document.querySelector("[data-done-list]"), done.slice(0, 20).map(drawDone));
    document.querySelector("[data-done]").hidden = !done.length;
  }

  document.querySelector("[data-send-now]").addEventListener("click", () => page.send(true));
  document.addEventListener("sync:drawn", draw);
})();
