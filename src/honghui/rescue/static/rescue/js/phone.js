// Numbers under a thumb, and the next button once a report is kept on the phone: the page does not
// wait for the network to know what comes after "we set out". Opened again without a network, it
// is as old as its last visit; what was told since lies on the phone, and is put back on it.
(function () {
  "use strict";

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-count] [data-by]");
    if (!button) return;
    var input = button.parentElement.querySelector("input");
    var now = parseInt(input.value, 10) || 0;
    input.value = String(Math.max(0, Math.min(9999, now + Number(button.dataset.by))));
    input.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // A position can be shared once it was found.
  document.addEventListener("click", function (event) {
    var button = event.target.closest("button[data-position]");
    if (!button) return;
    var form = button.form;
    var share = form.querySelector("[data-needs-position]");
    var watch = setInterval(function () {
      if (!form.elements.latitude_microdegrees.value) return;
      clearInterval(watch);
      share.disabled = false;
    }, 200);
    setTimeout(() => clearInterval(watch), 60000);
  });

  // `time`: when it was told, if not just now; `isSent`: the server has it, the kept page does not
  // know.
  function note(form, time, isSent) {
    var list = document.querySelector("[data-told]");
    var row = document.querySelector("template[data-told-row]");
    if (!list || !row) return;
    var line = row.content.cloneNode(true);
    line.querySelector("[data-what]").textContent = form.dataset.title;
    var hour = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
    line.querySelector("[data-at]").textContent = (time || new Date()).toLocaleTimeString(
      document.documentElement.lang, hour
    );
    if (isSent) line.querySelector(".st").remove();
    list.appendChild(line);
  }

  // The order of the buttons is the order of the way; of "arrived" there are two, and the whole
  // team's comes after the first batch's.
  function promote(kind, ofBatch) {
    var steps = Array.from(document.querySelectorAll("[data-steps] [data-step]"));
    var at = steps.findIndex(function (step) {
      return step.dataset.step === kind && "ofBatch" in step.dataset === ofBatch;
    });
    if (at < 0) return;
    var next = at + 1;
    // After the whole team has arrived, or a batch, the next batch has a number of its own.
    if (ofBatch) {
      var batch = steps[at].querySelector("input[name=batch]");
      for (var other of document.querySelectorAll("form[data-batch] input[name=batch]")) {
        other.value = String(Number(batch.value) + 1);
      }
    }
    steps.forEach(function (step, place) {
      step.hidden = place !== next;
    });
    var done = document.querySelector("[data-all-told]");
    if (done) done.hidden = next < steps.length;
  }

  document.addEventListener("sync:kept", function (event) {
    var form = event.target;
    if (form.dataset.kind || "answer" in form.dataset) note(form);
    if (form.dataset.kind) promote(form.dataset.kind, "batch" in form.dataset);
    var share = form.querySelector("[data-needs-position]");
    if (share) {
      share.disabled = true;
      for (var name of ["latitude_microdegrees", "longitude_microdegrees", "accuracy_metres"]) {
        form.elements[name].value = "";
      }
    }
  });

  function inEitherLanguage(address) {
    return address.replace(/^\/en\//, "/");
  }

  // What lies on this phone for this page: told already, whatever the page says.
  async function putBack(waiting) {
    var kept = document.documentElement.dataset.keptAt || "";
    var here = inEitherLanguage(location.pathname + location.search);
    var sent = kept && self.HonghuiSync ? await self.HonghuiSync.all("done") : [];
    var told = waiting
      .filter((record) => record.state === "waiting")
      .concat(sent.filter((record) => record.taken_at > kept))
      .filter((record) => inEitherLanguage(record.page || "") === here)
      .sort((one, other) => (one.made_at < other.made_at ? -1 : 1));
    for (var record of told) {
      var form = record.element && document.getElementById(record.element);
      if (!form || !(form.dataset.kind || "answer" in form.dataset)) continue;
      note(form, new Date(record.made_at), record.taken_at);
      if (form.dataset.kind) promote(form.dataset.kind, "batch" in form.dataset);
    }
  }

  document.addEventListener("sync:drawn", (event) => putBack(event.detail.mine), { once: true });
})();
