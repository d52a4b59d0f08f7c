"""A simulated platform: speaks the real one's interface, moves no money, and can misbehave.

It is another party. It shares the signing with us and nothing else: no database, no settings but
its keys. Orders live in its memory, and are forgotten when it stops.
"""
