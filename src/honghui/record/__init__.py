"""What the society says in public: canonical records, and the small languages they are written in.

Read in this order: `values` (what a field may hold), `pools` (where value lies), `steps` (how it
moves), `entries` (what people did), then `references`, `agreements`, `statements`, `credentials`
and `log_events` (everything else a stranger needs), `schemas` (all of them, and how bytes become
one). `clauses` says what a purpose allows, `measures` what a published figure counts,
`commitments` how a name is vouched for without being told.

Nothing here knows Django, a database or the log. Nothing here holds a name or free text: a record
is for ever, so it carries a salted hash, and the text lies in a file that can be withdrawn.
"""
