"""A transparency log that anyone can mirror and check: the floor everything else stands on.

Read in this order:

    hashing         leaf, node, root                                     RFC 6962
    tiles bundles   the files of a log, and how they are named           C2SP tlog-tiles
    proofs          inclusion and consistency                            RFC 9162
    signatures      the three kinds of signature line            C2SP signed-note, tlog-cosignature
    notes           signed text                                          C2SP signed-note
    checkpoints     the head of a log                                    C2SP tlog-checkpoint
    files           the disk: a batch of files, kept when it returns
    storage         where a log's files lie: folder, address (http), s3
    heads           the last head seen or signed, compare-and-swap
    writer          appends, signs, publishes, and never forks
    tree            reading with every hash proven
    verification    the whole log, on all cores
    mirror          a proven copy
    witness         cosigns what only ever grew                          C2SP tlog-witness
    bundled_proof   one entry's proof as a file                          C2SP tlog-proof

Nothing here knows of Django or of a database, and it needs `cryptography` alone.
"""
