"""A trace in words and pictures: the result as a headline, the numbers, the tape, the flows.

Each is told from the same balance, so no two of them can disagree. What the giver sees is always
their own money: of a payment of 2,400 yuan that took 8 of theirs, 8.
"""
