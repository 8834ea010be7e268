"""Measures pairs in turn, and summarises them.

Machines are noisy, but noise affects both of a pair. Therefore ratios count, and times are only shown.
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
        """Returns the line of the table."""
        ratio = f"{statistics.median(self.ratios):.2f} ({min(self.ratios):.2f}–{max(self.ratios):.2f})"
        met = "yes" if self.meets else f"**no**: {self.reason}"
        theirs = amount(self.theirs, self.unit) if self.theirs else "–"
        return f"| {self.figure} | {self.bar} | {ratio} | {amount(self.ours, self.unit)} | {theirs} | {met} |"


def amount(values, unit):
    """Returns the median, with as many digits as are significant."""
    value = statistics.median(values)
    return f"{value:,.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"


def alternate(rounds, ours, theirs):
    """Measures both in every round, in alternating order, and returns both lists of values."""
    pairs = []
    for number in range(rounds):
        if number % 2:
            second = theirs()
            pairs.append((ours(), second))
        else:
            pairs.append((ours(), theirs()))
    return [one for one, _ in pairs], [other for _, other in pairs]


def at_least(figure, unit, bar, ours, theirs, reason, shown_bar=None):
    """Compares our value as a multiple of the other; more is better."""
    ratios = [one / other for one, other in zip(ours, theirs)]
    meets = statistics.median(ratios) >= bar
    return Row(figure, unit, ours, theirs, shown_bar or f"≥ {bar} ×", ratios, meets, reason)


def faster(figure, unit, bar, ours, theirs, reason):
    """Compares the other's time as a multiple of ours; more is better."""
    ratios = [other / one for one, other in zip(ours, theirs)]
    return Row(figure, unit, ours, theirs, f"≥ {bar} × faster", ratios, statistics.median(ratios) >= bar, reason)


def at_most(figure, unit, bar, ours, theirs, reason, shown_bar=None):
    """Compares our value as a fraction of the other; less is better."""
    ratios = [one / other for one, other in zip(ours, theirs)]
    meets = statistics.median(ratios) <= bar
    return Row(figure, unit, ours, theirs, shown_bar or f"≤ {bar} ×", ratios, meets, reason)


def within(figure, unit, bar, ours, reason):
    """Compares our value with a fixed limit."""
    ratios = [one / bar for one in ours]
    return Row(figure, unit, ours, [], f"≤ {bar} {unit}", ratios, statistics.median(ours) <= bar, reason)
