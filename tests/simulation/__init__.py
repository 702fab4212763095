"""The simulator: whole histories of hands, edits, grants, faults and crashes over the real services, one seed each.

A seed that once broke a promise is kept (`MENDED` in `test_histories.py`) and must go on meaning the same history. So
what a step draws never changes: `KINDS`, `DEEDS` and `ACTS` stay as they are, item by item. A new kind of act is a
module of its own with `act(story, rng)`, as `photos.py` and `pieces.py` are, and a line of `STRANDS` in `history.py`
with the next age: it is drawn after each step from its own source of chance, and only histories of that age or a newer
one have it. `--age N` plays a history as it was at that age; the printed command says it. What the guard and the
oracle check may change at any time: they draw nothing. A start that must differ (more users, another unit) is built by
the strand itself, the first time that it acts.
"""
