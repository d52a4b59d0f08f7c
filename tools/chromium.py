"""How our tools and tests start Chromium: without calls home, and as root too."""

from __future__ import annotations

FLAGS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
