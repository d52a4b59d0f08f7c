// The page a giver comes back to: asks every two seconds whether the platform's word has come, and
// shows the page anew when it has. After ten minutes it asks less often.

const page = document.querySelector("[data-waiting]");
const started = Date.now();

async function ask() {
  try {
    const answer = await fetch(page.dataset.waiting, { cache: "no-store" });
    if (answer.ok && (await answer.text()) !== "waiting") {
      location.reload();
      return;
    }
  } catch {
    // No network just now: asked again.
  }
  setTimeout(ask, Date.now() - started < 600_000 ? 2_000 : 30_000);
}

if (page) setTimeout(ask, 1_000);
