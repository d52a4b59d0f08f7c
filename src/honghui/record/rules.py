"""The rules by name, and the sentence that says what broke one, in Chinese and English.

A rule's code is for ever: reports, exit notes and other people's programs go by it. What stands in
braces is filled in from what was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

Language = Literal["zh", "en"]


class Words(NamedTuple):
    zh: str
    en: str

    def say(self, language: Language, facts: Mapping[str, object]) -> str:
        return getattr(self, language).format_map(facts)  # type: ignore[no-any-return]


RECORD_RULES: dict[str, Words] = {
    "record.not-json": Words("这不是JSON：{error}。", "This is not JSON: {error}."),
    "record.unknown-schema": Words(
        "格式“{schema}”未知。", "The schema “{schema}” is not a known one."
    ),
    "record.unknown-field": Words(
        "{where} 中有一个该格式没有的字段：{field}。",
        "{where} has a field that its schema does not: {field}.",
    ),
    "record.missing-field": Words("{where} 缺少字段 {field}。", "{where} lacks the field {field}."),
    "record.float": Words(
        "{where} 是小数；金额和数量一律是整数。", "{where} is a float; amounts are whole numbers."
    ),
    "record.wrong-value": Words(
        "{where} 的值不符合格式：{error}。",
        "{where} holds what its schema does not allow: {error}.",
    ),
    "record.duplicate-key": Words("字段 {key} 出现了两次。", "The key {key} stands there twice."),
    "record.not-canonical": Words(
        "同一内容只有一种写法（RFC 8785），这里不是那一种。",
        "A record has one spelling (RFC 8785), and this is another.",
    ),
    "record.too-long": Words(
        "记录有 {bytes} 字节，最多 {bytes_max} 字节。",
        "The record has {bytes} bytes; at most {bytes_max} fit.",
    ),
}

PURPOSE_RULES: dict[str, Words] = {
    "purpose.clause": Words(
        "用途 {purpose} 的第 {number} 条未遵守：{sentence}",
        "Clause {number} of the purpose {purpose} is broken: {sentence}",
    ),
    "purpose.overhead-uncapped": Words(
        "用途 {purpose} 没有规定管理费上限，因此不能列支管理费。",
        "The purpose {purpose} sets no cap for overhead, so none may be charged to it.",
    ),
    "purpose.not-attested": Words(
        "用途 {purpose} 的第 {number} 条须经人工确认，却无人确认。",
        "Nobody attests clause {number} of the purpose {purpose}, which a person must vouch for.",
    ),
    "purpose.widened": Words(
        "用途 {purpose} 第 {version} 版放宽了原来的第 {number} 条，却没有征得同意。",
        "Version {version} of the purpose {purpose} is wider than clause {number} before it, and "
        "relies on no consent.",
    ),
    "purpose.changed": Words(
        "由用途 {before} 转入 {after}，而后者并不更严，也没有相应的同意或办理方式。",
        "This goes from the purpose {before} to {after}, which is not narrower, and no consent is "
        "named.",
    ),
}
