"""The log itself under /log/, byte for byte as its storage has it.

Nothing is judged here: a file that somebody changed is handed out as it is, so that whoever checks
finds it. For very many readers a web server or a CDN serves the same files at the same address.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from honghui.disclosure.answering import file_answer, not_now, not_there
from honghui.journal import log_place
from honghui.tlog.bundles import BUNDLE_BYTES_MAX
from honghui.tlog.errors import Malformed, TlogError
from honghui.tlog.s3 import CHECKPOINT_HEADERS, FILE_HEADERS
from honghui.tlog.tiles import CHECKPOINT, parse_path

_NOT_THERE = (
    "这份日志里没有这个文件。怎样核对，见 /open/",
    "The log has no such file. How to check it: /en/open/",
)
_NOT_NOW = (
    "现在读不到日志的文件，请过一分钟再试。",
    "The log's files cannot be read just now. Try again in a minute.",
)


@require_safe
def log_file(request: HttpRequest, path: str) -> HttpResponse:
    """Any file of tlog-tiles, full or partial; 404 for every other path."""
    try:
        if path != CHECKPOINT:
            parse_path(path)
        data = log_place.storage().read(path, BUNDLE_BYTES_MAX)
    except Malformed:
        data = None
    except TlogError:
        return not_now(*_NOT_NOW)
    if data is None:
        return not_there(*_NOT_THERE)
    headers = CHECKPOINT_HEADERS if path == CHECKPOINT else FILE_HEADERS
    return file_answer(request, data, headers)
