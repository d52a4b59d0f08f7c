"""What missions want to hear of, and what they offer: call-outs, phones, texts to be sent, rows of
"waiting for me". Called once, when the app is ready."""

from __future__ import annotations


def connect() -> None:
    from honghui.callouts.listening import (
        before_inviting,
        of_matter,
        on_answer,
        on_invited,
        on_the_way,
    )
    from honghui.messaging.receiving import on_unasked
    from honghui.messaging.sending import on_failed
    from honghui.registry.merging import on_merge
    from honghui.registry.queries.desk import SOURCES
    from honghui.registry.queries.search import FINDERS
    from honghui.rescue import (
        field,
        finding,
        hearing,
        hearing_days,
        links,
        merging,
        reaching,
        wordings,
    )
    from honghui.rescue.queries import phone, reached
    from honghui.rescue.queries.missions import waiting_for
    from honghui.sync import cards as sync_cards
    from honghui.sync import offline
    from honghui.sync.handling import accept_links

    wordings.declare()
    on_invited(hearing.hear_invited)
    before_inviting(hearing.not_to_be_asked)
    on_unasked(hearing_days.hear_days)
    on_answer(hearing.hear_answer)
    on_the_way(links.on_the_way)
    of_matter(links.of_matter)
    on_merge(merging.follow_merge)
    on_failed(reaching.ring_whom_nothing_reached)
    SOURCES.extend([reached.waiting_for, waiting_for, phone.waiting_for])
    FINDERS.append(finding.found)
    sync_cards.SOURCES.append(phone.cards)
    offline.PREFIXES.append("/r/")
    accept_links(links.is_good)
    field.accept_forms()
