"""Pairs measured in turn, and what is made of them.

Machines are noisy: what disturbs one of a pair disturbs the other, so ratios
are kept and times are only shown. Knows nothing of what is measured.
"""

import statistics
from dataclasses import dataclass


@dataclass
class Row:
    """One line of the table."""

    figure: str
    unit: str
    ours: list
    theirs: list
    bar: str
    ratios: list
    meets: bool
    reason: str

    def line(self):
        """The line as the table has it."""
        ratio = f"{statistics.median(self.ratios):.2f} ({min(self.ratios):.2f}–{max(self.ratios):.2f})"
        told = "yes" if self.meets else f"**no**: {self.reason}"
        theirs = amount(self.theirs, self.unit) if self.theirs else "–"
        return f"| {self.figure} | {self.bar} | {ratio} | {amount(self.ours, self.unit)} | {theirs} | {told} |"


def amount(values, unit):
    """The median, in as many digits as can be believed."""
    value = statistics.median(values)
    return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"


def alternate(rounds, ours, theirs):
    """Both lists of values, each round's order turned about."""
    pairs = []
    for number in range(rounds):
        if number % 2:
            second = theirs()
            pairs.append((ours(), second))
        else:
            pairs.append((ours(), theirs()))
    return [one for one, _ in pairs], [other for _, other in pairs]


def at_least(figure, unit, bar, ours, theirs, reason, told=None):
    """How many times the other's value ours is; more is better."""
    ratios = [one / other for one, other in zip(ours, theirs)]
    meets = statistics.median(ratios) >= bar
    return Row(figure, unit, ours, theirs, told or f"≥ {bar} ×", ratios, meets, reason)


def faster(figure, unit, bar, ours, theirs, reason):
    """How many times as long the other takes."""
    ratios = [other / one for one, other in zip(ours, theirs)]
    return Row(figure, unit, ours, theirs, f"≥ {bar} × faster", ratios, statistics.median(ratios) >= bar, reason)


def at_most(figure, unit, bar, ours, theirs, reason, told=None):
    """What part of the other's value ours is; less is better."""
    ratios = [one / other for one, other in zip(ours, theirs)]
    meets = statistics.median(ratios) <= bar
    return Row(figure, unit, ours, theirs, told or f"≤ {bar} ×", ratios, meets, reason)


def within(figure, unit, bar, ours, reason):
    """Ours alone, against a fixed measure."""
    ratios = [one / bar for one in ours]
    return Row(figure, unit, ours, [], f"≤ {bar} {unit}", ratios, statistics.median(ours) <= bar, reason)
