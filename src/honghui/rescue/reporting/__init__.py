"""The report that writes itself: counts from rows, and the words made from the counts."""
