"""The demo's product pictures: small drawings."""

from __future__ import annotations

import hashlib

from .catalogue import Item

COLOURS = {
    "filters": "#2f6f4f", "belts": "#5a4a3a", "cutting": "#4a5568", "bearings": "#3b5b8c", "electric": "#a06a00",
    "hydraulic": "#8a3b3b", "fluids": "#1f6b75", "tools": "#5b3f7a",
}  # fmt: skip

SHAPES = {
    "filters": '<rect x="34" y="24" width="52" height="72" rx="8"/><path d="M34 40h52M34 52h52M34 64h52M34 76h52"/>'
    '<circle cx="60" cy="16" r="7"/>',
    "belts": '<rect x="14" y="40" width="92" height="40" rx="20"/><circle cx="34" cy="60" r="11"/><circle cx="86" cy="60" r="11"/>',
    "cutting": '<path d="M20 92L60 22l40 70z"/><circle cx="48" cy="80" r="5"/><circle cx="72" cy="80" r="5"/>',
    "bearings": '<circle cx="60" cy="60" r="40"/><circle cx="60" cy="60" r="16"/><circle cx="60" cy="32" r="6"/>'
    '<circle cx="88" cy="60" r="6"/><circle cx="60" cy="88" r="6"/><circle cx="32" cy="60" r="6"/>',
    "electric": '<rect x="20" y="38" width="80" height="54" rx="6"/><path d="M34 38V28h14v10M72 38V28h14v10M34 62h14M79 55v14M72 62h14"/>',
    "hydraulic": '<rect x="16" y="46" width="60" height="28" rx="6"/><path d="M76 60h30M100 50v20M28 46V34M58 46V34"/>',
    "fluids": '<path d="M38 26h30l16 16v56H30V34z"/><path d="M60 52c10 14 12 18 12 22a12 12 0 0 1-24 0c0-4 2-8 12-22z"/>',
    "tools": '<path d="M30 90l38-38a16 16 0 1 1 12 12L42 102z"/><circle cx="78" cy="42" r="6"/>',
}  # fmt: skip


def drawing(item: Item) -> bytes:
    """An SVG of 120 by 120: the category's shape, its shade turned a little for each product."""
    turn = int.from_bytes(hashlib.sha256(item.id.encode()).digest()[:2], "big") % 4001 / 100 - 20
    colour = COLOURS[item.category]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 120" width="120" height="120">'
        f'<rect width="120" height="120" rx="12" fill="{colour}" fill-opacity=".14"/>'
        f'<g fill="none" stroke="{colour}" stroke-width="4" stroke-linejoin="round" stroke-linecap="round"'
        f' transform="rotate({turn} 60 60) translate(9 9) scale(.85)">{SHAPES[item.category]}</g></svg>'
    ).encode()
