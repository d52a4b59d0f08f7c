// The chosen colours, before the first paint: the only script that blocks, and the shortest.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden: then the machine's own preference holds.
}
