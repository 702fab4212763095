"""Surnames that so many bear that to have one in common says less, by the share of their country's people.

The table of `likeness_odds.py` takes it that two strangers have a family name in common once in 244. Of one in so many
Danes, Norwegians or Swedes the odds are p instead: log2(p * 244) bits less, rounded down. Shares are those of their
statistical offices, folded as `traits.py` folds words; other countries' most frequent names (Smith, Müller) are borne
by one in a hundred, too.
"""

from __future__ import annotations

_BORNE = {
    3: "nielsen jensen hansen",  # one in thirty
    2: "andersen pedersen christensen larsen sorensen andersson johansson karlsson",  # one in sixty
    1: (  # one in a hundred and twenty
        "rasmussen jorgensen petersen madsen kristensen johansen olsen nilsson eriksson larsson olsson persson"
        " svensson gustafsson smith muller"
    ),
}
_SPREAD = {name: bits for bits, names in _BORNE.items() for name in names.split()}


def spread(name: str) -> int:
    """The bits that this family name says less than others."""
    return _SPREAD.get(name, 0)
