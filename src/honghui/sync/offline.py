"""What a phone keeps for hours without a network: the files every field page is made of, and under
which addresses pages of the field lie. Jobs with pages elsewhere add theirs when they are ready."""

from __future__ import annotations

FILES = [
    "ui/css/tokens.css",
    "ui/css/base.css",
    "ui/css/components.css",
    "ui/css/field.css",
    "ui/css/print.css",
    "ui/js/theme.js",
    "ui/js/shell.js",
    "ui/mark.svg",
    "ui/app-icon.svg",
    "ui/manifest.webmanifest",
    "sync/store.js",
    "sync/queue.js",
    "sync/list.js",
    "sync/sync.css",
]
# Without a language. Only pages that extend "ui/field.html" are ever kept, whatever stands here.
PREFIXES = ["/field/"]
