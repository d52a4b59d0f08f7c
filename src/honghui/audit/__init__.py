"""Re-proves a society's books from its public log, without a database and without trusting it.

It imports `tlog` and `record`, and nothing else of ours; above all not `ledger`, whose work it
checks. Start at `auditing`. `pools` is the model of where value lies; `acts` says what each act may
do; `spending` holds uses to their purposes; `statements` computes figures again.
"""
