"""Estimate the chances of the weights from the first set: `python -m tests.febrl`; then say how all three come out.

m: of the first set's pairs, how many agree so far. u: of all pairs of its originals, who are different persons. Half a
pair is added to each level, so that what was not seen is rare and not impossible.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import combinations

import click
from rapidfuzz.fuzz import ratio

from sharesync.model.likeness import ENOUGH, levels
from sharesync.model.likeness_odds import TABLE, CardPart, Likelihood
from sharesync.model.traits import Traits
from tests.febrl import figures, found, persons

COMPARED = (CardPart.GIVEN, CardPart.FAMILY, CardPart.BIRTHDAY, CardPart.STREET, CardPart.TOWN)


def chances(pairs: Iterable[tuple[Traits, Traits]]) -> dict[CardPart, dict[Likelihood, float]]:
    """How often two agree so far, by part."""
    seen = {part: Counter[Likelihood]() for part in COMPARED}
    for one, other in pairs:
        for part, level in levels(one, other, ratio).items():
            seen[part][level] += 1
    return {
        part: {level: (counts[level] + 0.5) / (counts.total() + len(TABLE[part]) / 2) for level in TABLE[part]}
        for part, counts in seen.items()
    }


def main() -> None:
    """Print both."""
    first = persons(1)
    m = chances((first.told[one], first.told[other]) for one, other in first.true)
    originals = [of for name, of in sorted(first.told.items()) if name.endswith("-org")]
    u = chances(combinations(originals, 2))
    for part in COMPARED:
        click.echo(f"Part.{part.name}: {{")
        for level in TABLE[part]:
            click.echo(f"    Level.{level.name}: Odds({m[part][level]:.2g}, {u[part][level]:.2g}),")
        click.echo("},")
    for number in (1, 2, 3):
        of = persons(number)
        pairs = found(of)
        click.echo(f"{number}: {figures(of, pairs)}")
        for bits in range(ENOUGH, ENOUGH + 8 if number == 1 else ENOUGH):
            click.echo(f"    from {bits}: F1 {figures(of, pairs, bits).f1}")


if __name__ == "__main__":
    main()
