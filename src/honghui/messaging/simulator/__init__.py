"""A simulated gateway for text messages and calls: speaks the real one's interface, sends nothing,
and can misbehave as real ones do.

It is another party. It shares the signing with us and nothing else: no database, no settings but
its keys. What arrived on which phone lies in its memory, and is forgotten when it stops.
"""
