"""What the audit holds a society to, rule by rule, in Chinese and English. See `record.rules`."""

from __future__ import annotations

from honghui.record.rules import PURPOSE_RULES, RECORD_RULES, Words

_IDENTITY = {
    "record.id-twice": Words(
        "编号 {id} 已由第 {first} 号记录使用。", "The id {id} was used before, by record {first}."
    ),
    "record.request-twice": Words(
        "同一请求已记为第 {first} 号记录。",
        "The same request was booked before, as record {first}.",
    ),
    "record.dated-ahead": Words(
        "所载日期 {day} 晚于记录时间 {recorded_at}。",
        "It is dated {day}, later than it was recorded ({recorded_at}).",
    ),
}

_REFERENCES = {
    "reference.unknown": Words(
        "此前没有任何记录说明 {kind} {code}。", "No earlier record tells of the {kind} {code}."
    ),
    "reference.not-in-force": Words(
        "{kind} {code} 在 {day} 无效。", "The {kind} {code} was not in force on {day}."
    ),
    "reference.circle": Words(
        "{kind} {code} 成了自己的上级。", "The {kind} {code} would lie within itself."
    ),
    "reference.version": Words(
        "用途 {code} 应是第 {expected} 版，这里写第 {version} 版。",
        "This should be version {expected} of the purpose {code}, and says {version}.",
    ),
    "reference.again": Words(
        "批次 {code} 已经有过记录，不能再改。",
        "The lot {code} was declared before and cannot change.",
    ),
    "reference.lot-value": Words(
        "批次的价值须同时写明数量、依据和日期；缺一不可。",
        "A lot's value needs the quantity it is for, its basis and its day, all or none.",
    ),
}

_ENTRIES = {
    "entry.parts": Words(
        "一笔业务的各部分须相连：应为第 {expected} 部分，这里是 {part}/{parts}。",
        "The parts of an entry stand in a row: part {expected} was due, this is {part} of {parts}.",
    ),
    "entry.parts-differ": Words(
        "同一笔业务的各部分在 {field} 上不一致。", "The parts of one entry differ in {field}."
    ),
    "entry.step-not-allowed": Words(
        "“{act}”不能有“{step}”这一步。", "An act “{act}” cannot hold a step “{step}”."
    ),
    "entry.society": Words(
        "{society} 的业务动了 {other} 的账。", "An act of {society} touches the books of {other}."
    ),
    "entry.stage": Words(
        "“{act}”不能从“{before}”到“{after}”。", "An act “{act}” cannot go from {before} to {after}."
    ),
    "entry.ref": Words(
        "资金池 {pool} 的阶段与它所指的编号不符。",
        "The pool {pool} names a ref where its stage has none, or lacks the one it needs.",
    ),
    "entry.source": Words(
        "资金来源由 {before} 变成了 {after}。", "The fund source turns from {before} into {after}."
    ),
    "entry.commodity": Words(
        "“{act}”不能把 {before} 变成 {after}。", "An act “{act}” cannot turn {before} into {after}."
    ),
    "entry.quantity": Words(
        "转出 {taken}，转入 {given}，两数应相等。",
        "{taken} goes out and {given} comes in; they must be equal.",
    ),
    "entry.same-pool": Words(
        "资金池 {pool} 转入它自己。", "The pool {pool} would flow into itself."
    ),
    "entry.of": Words(
        "“{act}”须指明它所对应的业务；{of} 不是此前合适的一笔。",
        "An act “{act}” names the entry it answers; {of} is no earlier entry that fits.",
    ),
    "entry.counterparty": Words(
        "对方红会与所对应的业务不符：{society}。",
        "The other society, {society}, is not the one of the entry it answers.",
    ),
    "entry.use": Words(
        "“{act}”没有写明用于何处，或不能写“{use}”。",
        "An act “{act}” does not say what it was used for, or cannot say “{use}”.",
    ),
    "entry.count-too-small": Words(
        "人数 {value} 少于 {count_min}，不能写出确数。",
        "{value} people are fewer than {count_min}; so small a count is never exact.",
    ),
    "entry.purposes": Words(
        "须注明用途 {purpose} 当时有效的版本（{id}）。",
        "It must name the version of the purpose {purpose} that is in force ({id}).",
    ),
    "entry.contents": Words(
        "每件应含 {item} {expected}，共 {kits} 件，实际装入 {found}。",
        "Each holds {expected} of {item}; for {kits} of them {found} were packed.",
    ),
    "entry.price": Words(
        "付款 {paid} 分购入 {quantity}，与批次所载单价不符。",
        "{paid} fen were paid for {quantity}, which is not the price that the lot states.",
    ),
}

_FOUR_EYES = {
    "four-eyes.missing": Words(
        "“{act}”须由一人申请、另一人批准。",
        "An act “{act}” needs one who asks and another who approves.",
    ),
    "four-eyes.same": Words(
        "申请人自己批准了自己。", "The one who asked is among those who approved."
    ),
    "four-eyes.twice": Words("同一人批准了两次。", "The same person approved twice."),
    "four-eyes.no-reason": Words(
        "紧急放行须有理由，并记下由谁放行。",
        "An emergency release needs a reason and somebody who asked.",
    ),
    "four-eyes.review": Words(
        "复核须针对一笔紧急放行，且由另一人复核；{of} 不符。",
        "A review is of an emergency release, by somebody else; {of} is none, or they released it.",
    ),
}

_POOLS = {
    "pool.overdrawn": Words(
        "资金池 {pool} 只余 {free}，不够 {wanted}。",
        "The pool {pool} has {free} left, and {wanted} would leave it.",
    ),
    "pool.too-large": Words(
        "资金池 {pool} 超过了可精确表示的上限。", "The pool {pool} would exceed 2^53 - 1."
    ),
    "pool.positions": Words(
        "资金池 {pool} 的区间 {first}–{past} 为空、越界、乱序或重叠。",
        "In the pool {pool} the positions {first} to {past} are empty, out of order, beyond the "
        "pool or overlap others.",
    ),
    "pool.positions-taken": Words(
        "资金池 {pool} 的区间 {first}–{past} 已有去处。",
        "In the pool {pool} the positions {first} to {past} have left already.",
    ),
    "pool.positions-sum": Words(
        "所列区间共 {length}，数量却是 {quantity}。",
        "The named positions are {length} in all, and the quantity is {quantity}.",
    ),
    "pool.remainder": Words(
        "资金池 {pool} 余 {found}，记录写的是 {stated}。",
        "The pool {pool} has {found} left, and the record says {stated}.",
    ),
    "pool.loss": Words(
        "损失 {loss} 大于余额 {remainder}。", "A loss of {loss} is more than the {remainder} left."
    ),
    "pool.not-spent": Words(
        "资金池 {pool} 的区间 {first}–{past} 并非由业务 {entry} 用去。",
        "In the pool {pool} the positions {first} to {past} were not spent by the entry {entry}.",
    ),
    "pool.settled-twice": Words(
        "资金池 {pool} 的区间 {first}–{past} 已经垫补或退回过一次。",
        "In the pool {pool} the positions {first} to {past} were covered or came back before.",
    ),
    "pool.not-the-gifts": Words(
        "资金池 {pool} 的区间 {first}–{past} 不是这笔捐赠的。",
        "In the pool {pool} the positions {first} to {past} are not those of the gift.",
    ),
    "pool.beyond-the-gift": Words(
        "捐赠共 {gift}，累计退回将达 {returned}。",
        "The gift was {gift}, and {returned} of it would be given back in all.",
    ),
    "pool.cover": Words(
        "垫补须用同一币种或批次的另一个资金池：{pool} 不行。",
        "A cover comes from another pool of the same commodity, which {pool} is not.",
    ),
    "pool.unbalanced": Words(
        "{books}：收入 {came}，用去 {went}，应余 {due}，各池实余 {held}。",
        "{books}: {came} came, {went} went, so {due} should be left, and the pools hold {held}.",
    ),
}

_PURPOSES = {
    "purpose.consent": Words(
        "“{act}”所依据的同意不存在、不适用或已用完：{consent}。",
        "The consent that “{act}” relies on is missing, is another, or is used up: {consent}.",
    ),
    "purpose.leftover": Words(
        "用途 {purpose} 尚未结束，或 {nearest} 不是它指定的最近用途。",
        "The purpose {purpose} has not ended, or {nearest} is not the nearest that it names.",
    ),
}

_DECISIONS = {
    "decision.unknown": Words(
        "没有决定 {decision}，或它不适用于这里（{field}）。",
        "There is no decision {decision} for this, or it is about something else ({field}).",
    ),
    "decision.exceeded": Words(
        "决定 {decision} 准许 {allowed}，累计将达 {taken}。",
        "The decision {decision} allows {allowed}, and {taken} would be taken in all.",
    ),
    "decision.late": Words(
        "决定 {decision} 到 {last} 为止，业务发生在 {day}。",
        "The decision {decision} ended on {last}, and this happened on {day}.",
    ),
}

_STATEMENTS = {
    "statement.as-of": Words(
        "所依据的 {as_of} 条记录晚于本记录或上一次结账。",
        "It speaks of the first {as_of} records, which reach beyond itself or not to its last one.",
    ),
    "statement.unknown": Words(
        "所指的记录 {of} 不存在或不适用。",
        "The record it speaks of, {of}, is not there or no such.",
    ),
    "bulletin.figure": Words(
        "数字“{name}”写的是 {stated}，重算得 {computed}。",
        "The figure “{name}” says {stated}; computed again it is {computed}.",
    ),
    "bulletin.figure-name": Words(
        "数字“{name}”不存在或出现了两次。", "The figure “{name}” is not there, or is there twice."
    ),
    "bulletin.unit": Words(
        "数字“{name}”的单位应为 {expected}，写的是 {stated}。",
        "The figure “{name}” is in {expected}, and says {stated}.",
    ),
    "bulletin.mixed-units": Words(
        "数字“{name}”把不同单位加在了一起：{units}。",
        "The figure “{name}” adds up different units: {units}.",
    ),
    "bulletin.sum": Words(
        "合计“{name}”为 {stated}，各项相加得 {computed}。",
        "The total “{name}” is {stated}, and its parts add up to {computed}.",
    ),
    "closing.line": Words(
        "结账 {line} 的“{field}”写的是 {stated}，重算得 {computed}。",
        "The closing says {stated} for “{field}” of {line}; computed again it is {computed}.",
    ),
    "closing.missing-line": Words(
        "结账漏列或重复了 {line}。", "The closing leaves out {line}, or has it twice."
    ),
    "closing.after": Words(
        "上一次结账应为 {expected}，这里写 {after}。",
        "The closing before this is {expected}, and it names {after}.",
    ),
    "reconciliation.difference": Words(
        "账面 {book}，对账单 {statement} 加未达 {outstanding} 得 {computed}。",
        "The books say {book}; the statement, {statement}, and what is outstanding, {outstanding}, "
        "make {computed}.",
    ),
    "rescue.total": Words(
        "“{name}”合计写 {stated}，各队相加得 {computed}。",
        "The total of “{name}” says {stated}, and the teams make {computed}.",
    ),
    "certificate.unknown": Words("没有证书 {of}。", "There is no certificate {of}."),
    "certificate.revoked-twice": Words(
        "证书 {of} 已经撤销。", "The certificate {of} was revoked before."
    ),
    "log.key-chain": Words(
        "旧密钥应为 {expected}，这里写 {stated}。",
        "The old key is {expected}, and the record names {stated}.",
    ),
}

RULES: dict[str, Words] = {
    **RECORD_RULES,
    **_IDENTITY,
    **_REFERENCES,
    **_ENTRIES,
    **_FOUR_EYES,
    **_POOLS,
    **PURPOSE_RULES,
    **_PURPOSES,
    **_DECISIONS,
    **_STATEMENTS,
}
