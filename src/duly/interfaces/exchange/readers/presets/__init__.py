"""Presets: exports of accounting systems that are read without being told how.

Purpose: QuickBooks Online, Xero, Stripe and NetSuite, each in a module of its own, which says what
their columns mean; `documents`, `payments` and `people` say what becomes of them. Public: `Preset`,
`Told`, `PRESETS`, `presets_for`, `presets_named`, `is_export_header`. Rules: an export that holds
several kinds is several presets of a family, one sheet each; what is left out is told in notes;
what an export leaves open is told by a mapping, never guessed.
"""

from collections.abc import Sequence

from duly.interfaces.exchange.readers.presets import netsuite, quickbooks, stripe, xero
from duly.interfaces.exchange.readers.presets.preset import (
    NOTHING_TOLD,
    Preset,
    Told,
    presets_fitting,
)

PRESETS: dict[str, Preset] = {
    preset.name: preset
    for module in (quickbooks, xero, stripe, netsuite)
    for preset in module.PRESETS
}


def presets_for(header: Sequence[str], kind: str | None = None) -> tuple[Preset, ...]:
    """The presets that read a header: none, one, or those of a family; each gives a sheet."""
    return presets_fitting(tuple(PRESETS.values()), header, kind)


def preset_for(header: Sequence[str], kind: str | None = None) -> Preset | None:
    """The first preset that reads a header; None if none does."""
    return next(iter(presets_for(header, kind)), None)


def presets_named(name: str, kind: str | None = None) -> tuple[Preset, ...]:
    """The preset of a name, or all of a family; none if there is no such name."""
    return tuple(
        preset
        for preset in PRESETS.values()
        if name in (preset.name, preset.family) and kind in (None, preset.kind)
    )


def is_export_header(cells: Sequence[str]) -> bool:
    """Tell whether a row is the header of an export that some preset reads."""
    return bool(presets_for(cells))


__all__ = [
    "NOTHING_TOLD",
    "PRESETS",
    "Preset",
    "Told",
    "is_export_header",
    "preset_for",
    "presets_for",
    "presets_named",
]
