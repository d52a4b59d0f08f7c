// Keeps a part of a page as the server has it, without a reload.
//
//   <div data-follow="/address/of/the/part" data-follow-tag='"its ETag"' data-follow-ms="600">…</div>
//   <p data-follow-stale hidden>…</p>      shown while the server cannot be asked
//
// The server answers 304 as long as nothing changed, which costs it little, so we may ask often: an
// answer at two in the night stands here within a second. A page that nobody looks at asks seldom.
// What comes is the same HTML that the page had at first; without this script it is merely older.

const HIDDEN_MS = 10_000;
const RETRY_MS_MAX = 10_000;
const STALE_AFTER_MS = 4_000;
const ENDED = new Set([401, 403, 404, 410]);

class Follower {
  constructor(part) {
    this.part = part;
    this.tag = part.dataset.followTag ?? "";
    this.every = Number(part.dataset.followMs) || 600;
    this.pause = this.every;
    this.asked = Date.now();
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.soon(0);
    });
    this.soon(this.every);
  }

  soon(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), milliseconds);
  }

  async ask() {
    if (this.asking) return;
    this.asking = true;
    try {
      const headers = this.tag ? { "If-None-Match": this.tag } : {};
      const answer = await fetch(this.part.dataset.follow, {
        headers,
        cache: "no-store",
        redirect: "error",
        signal: AbortSignal.timeout(RETRY_MS_MAX),
      });
      if (ENDED.has(answer.status)) {
        // Signed out, or the thing is gone: a person must look, asking again tells nothing.
        this.stale(true);
        return;
      }
      if (answer.status === 200) this.show(await answer.text(), answer.headers.get("ETag"));
      else if (answer.status !== 304) throw new Error(String(answer.status));
      this.asked = Date.now();
      this.pause = this.every;
      this.stale(false);
    } catch {
      this.pause = Math.min(RETRY_MS_MAX, this.pause * 2);
      this.stale(Date.now() - this.asked > STALE_AFTER_MS);
    } finally {
      this.asking = false;
    }
    this.soon(document.hidden ? HIDDEN_MS : this.pause);
  }

  show(html, tag) {
    const fresh = new DOMParser().parseFromString(html, "text/html").body;
    const held = this.part.contains(document.activeElement) ? document.activeElement.id : "";
    const open = [...this.part.querySelectorAll("details[open][id]")].map((each) => each.id);
    this.part.replaceChildren(...fresh.childNodes);
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (held) document.getElementById(held)?.focus({ preventScroll: true });
    this.tag = tag ?? "";
    this.part.dispatchEvent(new CustomEvent("follow:shown", { bubbles: true }));
  }

  stale(is) {
    for (const each of document.querySelectorAll("[data-follow-stale]")) each.hidden = !is;
  }
}

for (const part of document.querySelectorAll("[data-follow]")) new Follower(part);
