// The desk by keys: J and K move along the rows, Enter opens, A and R go to the two decisions.
//
// A and R never decide by themselves: they bring you to the button, and Enter presses it.
// A row is a <tr> of a table[data-rows]; buttons are marked data-key="a" and data-key="r".

const rows = () => [...document.querySelectorAll("table[data-rows] tbody tr")];
const help = document.querySelector("[data-keys-help]");

function selected() {
  return rows().findIndex((row) => row.hasAttribute("data-selected"));
}

function select(index) {
  const all = rows();
  const row = all[Math.min(Math.max(index, 0), all.length - 1)];
  if (!row) return;
  for (const each of all) each.toggleAttribute("data-selected", each === row);
  const link = row.querySelector("a");
  // Focus moves with the selection, so that a screen reader says where we are.
  if (link) link.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function open() {
  const link = rows()[selected()]?.querySelector("a");
  if (link) link.click();
}

function goTo(name) {
  const button = document.querySelector(`[data-key="${name}"]:not([disabled])`);
  if (!button) return;
  button.focus();
  button.scrollIntoView({ block: "nearest" });
}

const ACTS = {
  j: () => select(selected() + 1),
  k: () => select(Math.max(selected(), 0) - 1),
  a: () => goTo("a"),
  r: () => goTo("r"),
  "?": () => help?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const target = event.target;
  if (target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable], dialog")) {
    return;
  }
  // Enter belongs to whatever has the focus; only a page without one opens the selected row.
  if (event.key === "Enter" && target === document.body) {
    open();
    return;
  }
  const act = ACTS[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});
