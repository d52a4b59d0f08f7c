"""The report as a reporter reads it, in Chinese or English: the verdict first, then the money, then
what was proven, then what nobody can prove."""

from __future__ import annotations

from unicodedata import east_asian_width

from honghui.audit.report import Report
from honghui.record.rules import Language, Words

_SHOWN_MAX = 20

_TEXTS = {
    "proven": Words("已证实", "PROVEN"),
    "not-proven": Words("未证实", "NOT PROVEN"),
    "log": Words(
        "日志 {origin}，共 {size:,} 条记录，树根 {root}",
        "The log {origin}, {size:,} records, root {root}",
    ),
    "records": Words("共 {size:,} 条记录", "{size:,} records"),
    "first": Words(
        "第一处在第 {index} 号记录；其后各处可能由它引起。",
        "The first is record {index}; those after it may follow from it.",
    ),
    "finding": Words("第 {index} 号记录 [{rule}] {sentence}", "record {index} [{rule}] {sentence}"),
    "whole": Words("账目整体 [{rule}] {sentence}", "the books as a whole [{rule}] {sentence}"),
    "more": Words("……另有 {count} 处。", "… and {count} more."),
    "money": Words(
        "各用途的收支（{unit}）", "What came for each purpose and what became of it ({unit})"
    ),
    "columns": Words("用途|收到|其他转入|用去|退回|其他转出|结余",
                     "purpose|received|other in|used|given back|other out|held"),
    "total": Words("合计", "total"),
    "others": Words("另 {count} 个用途", "{count} other purposes"),
    "held-title": Words("证实了什么", "What was proven"),
    "books": Words(
        "{societies} 个红会、{purposes} 个用途、{pools:,} 个资金池：每一步都重走了一遍，"
        "没有一个池透支，每一本账都是 收入 = 用去 + 结余。",
        "{societies} societies, {purposes} purposes, {pools:,} pools: every step was taken again, "
        "no pool was overdrawn, and in all books receipts = uses + held.",
    ),
    "clauses": Words(
        "用途条款逐笔核对 {proven:,} 次，全部遵守。",
        "Clauses of purposes were held to {proven:,} times, and kept every time.",
    ),
    "people": Words(
        "凡须两人经手的，都是一人申请、另一人批准。",
        "Wherever two people are needed, one asked and another approved.",
    ),
    "figures": Words(
        "公布的数字重算了 {figures:,} 个，全部一致。",
        "{figures:,} published figures were computed again, and are the same.",
    ),
    "vouched-title": Words("谁也无法从记录中证实的", "What nobody can prove from records"),
    "attested": Words(
        "有 {attested:,} 次由人工确认条款已遵守（例如对象是否符合条件）。",
        "{attested:,} times a person vouches that a clause was kept (such as who is in need).",
    ),
    "emergencies": Words(
        "紧急放行 {released:,} 笔，已由他人复核 {reviewed:,} 笔，其中 {objected:,} 笔有异议。",
        "{released:,} emergency releases; somebody else reviewed {reviewed:,}, and objected to "
        "{objected:,}.",
    ),
    "written-off": Words(
        "报损 {losses:,} 笔、盘点差异 {counts:,} 笔、变卖 {sales:,} 笔：均由两人经手，"
        "数额是否属实要看凭证。",
        "{losses:,} losses, {counts:,} differences in stocktaking, {sales:,} sales: two people "
        "stand for each, and only documents tell whether the amounts are true.",
    ),
    "late": Words(
        "结账后补记 {late:,} 笔。", "{late:,} entries were recorded after their period was closed."
    ),
    "unseen": Words(
        "从未记录过的钱物，以及记录之外的事实，审计看不到：收据编号可以自己来查。",
        "Money and goods that were never recorded, and facts outside the records, cannot be seen "
        "from here: whoever holds a receipt can look for its record.",
    ),
}  # fmt: skip


def in_words(report: Report, language: Language) -> str:
    lines = [*_head(report, language)]
    if report.findings:
        lines += ["", *_findings(report, language)]
    else:
        lines += ["", *_money(report, language), *_proven(report, language)]
        lines += ["", *_vouched(report, language)]
    return "\n".join(lines)


def _say(text: str, language: Language, **facts: object) -> str:
    return _TEXTS[text].say(language, facts)


def _head(report: Report, language: Language) -> list[str]:
    verdict = _say("proven" if report.proven else "not-proven", language)
    if report.signed is None:
        return [f"{verdict}  {_say('records', language, size=report.size)}"]
    head = report.signed.head
    told = _say("log", language, origin=head.origin, size=head.size, root=head.root.hex()[:16])
    return [f"{verdict}  {told}"]


def _findings(report: Report, language: Language) -> list[str]:
    lines = []
    for one in report.findings[:_SHOWN_MAX]:
        text = "finding" if one.index >= 0 else "whole"
        lines.append(
            _say(text, language, index=one.index, rule=one.rule, sentence=one.say(language))
        )
    if len(report.findings) > _SHOWN_MAX:
        lines.append(_say("more", language, count=len(report.findings) - _SHOWN_MAX))
    if len(report.findings) > 1 and report.findings[0].index >= 0:
        lines += ["", _say("first", language, index=report.findings[0].index)]
    return lines


_GROUPS = (
    ("received",),
    ("shortfall", "transferred_in", "converted_in", "repurposed_in"),
    ("used",),
    ("returned",),
    ("covered", "transferred_out", "converted_out", "repurposed_out"),
    ("held",),
)


def _money(report: Report, language: Language) -> list[str]:
    """One table a currency, the purposes that received most on top."""
    lines: list[str] = []
    for currency in sorted({currency for _purpose, currency in report.flows}):
        unit = {"zh": "元", "en": "yuan"}[language] if currency == "CNY" else currency
        rows = _rows(report, currency, language)
        lines += [_say("money", language, unit=unit), *_table(rows), ""]
    return lines


def _rows(report: Report, currency: str, language: Language) -> list[list[str]]:
    sums = {
        purpose: [sum(flows.get(flow, 0) for flow in group) for group in _GROUPS]
        for (purpose, of), flows in report.flows.items()
        if of == currency
    }
    largest = sorted(sums, key=lambda purpose: (-max(sums[purpose]), purpose))
    shown, rest = largest[:_SHOWN_MAX], largest[_SHOWN_MAX:]
    rows = [(purpose, sums[purpose]) for purpose in shown]
    if rest:
        name = _say("others", language, count=len(rest))
        rows.append((name, _added([sums[purpose] for purpose in rest])))
    if len(sums) > 1:
        rows.append((_say("total", language), _added(list(sums.values()))))
    columns = _say("columns", language).split("|")
    return [columns] + [[name, *map(_amount, numbers)] for name, numbers in rows]


def _added(rows: list[list[int]]) -> list[int]:
    return [sum(column) for column in zip(*rows, strict=True)]


def _amount(hundredths: int) -> str:
    sign = "-" if hundredths < 0 else ""
    whole, rest = divmod(abs(hundredths), 100)
    return f"{sign}{whole:,}.{rest:02d}"


def _table(rows: list[list[str]]) -> list[str]:
    widths = [max(_width(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = []
    for row in rows:
        first = row[0] + " " * (widths[0] - _width(row[0]))
        rest = [
            " " * (width - _width(cell)) + cell
            for cell, width in zip(row[1:], widths[1:], strict=True)
        ]
        lines.append("  " + "  ".join([first, *rest]))
    return lines


def _width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two."""
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in text)


def _proven(report: Report, language: Language) -> list[str]:
    said = [
        _say(
            "books",
            language,
            societies=report.societies,
            purposes=report.purposes,
            pools=report.pool_count,
        ),
        _say("people", language),
    ]
    if report.clauses_proven:
        said.append(_say("clauses", language, proven=report.clauses_proven))
    if report.figures:
        said.append(_say("figures", language, figures=report.figures))
    return [_say("held-title", language), *(f"  · {one}" for one in said)]


def _vouched(report: Report, language: Language) -> list[str]:
    said = []
    if report.clauses_attested:
        said.append(_say("attested", language, attested=report.clauses_attested))
    if report.emergencies:
        said.append(
            _say(
                "emergencies",
                language,
                released=report.emergencies,
                reviewed=report.reviewed,
                objected=report.not_in_order,
            )
        )
    written_off = {act: report.acts.get(act, 0) for act in ("loss", "stocktake", "sale")}
    if any(written_off.values()):
        said.append(
            _say(
                "written-off",
                language,
                losses=written_off["loss"],
                counts=written_off["stocktake"],
                sales=written_off["sale"],
            )
        )
    if report.late:
        said.append(_say("late", language, late=report.late))
    said.append(_say("unseen", language))
    return [_say("vouched-title", language), *(f"  · {one}" for one in said)]
