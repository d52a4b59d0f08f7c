// Arrow keys move between the tiles of a map, by where they are seen.

const middle = (tile) => {
  const box = tile.getBoundingClientRect();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
};

const WAYS = {
  ArrowLeft: (from, to) => [from.x - to.x, Math.abs(from.y - to.y)],
  ArrowRight: (from, to) => [to.x - from.x, Math.abs(from.y - to.y)],
  ArrowUp: (from, to) => [from.y - to.y, Math.abs(from.x - to.x)],
  ArrowDown: (from, to) => [to.y - from.y, Math.abs(from.x - to.x)],
};

document.addEventListener("keydown", (event) => {
  const tile = event.target.closest?.(".map a");
  const way = WAYS[event.key];
  if (!tile || !way || event.ctrlKey || event.metaKey || event.altKey) return;
  const from = middle(tile);
  let best = null;
  let least = Infinity;
  for (const other of tile.closest(".map-w").querySelectorAll(".map a")) {
    const [along, across] = way(from, middle(other));
    // Straight ahead counts most: a step aside costs three steps on.
    if (along > 4 && along + 3 * across < least) [best, least] = [other, along + 3 * across];
  }
  if (!best) return;
  event.preventDefault();
  best.focus();
});
