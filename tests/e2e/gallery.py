"""The page that shows the pictures of every screen: `python -m tests.e2e.gallery` writes it anew."""

from __future__ import annotations

from tests.e2e.built_app import ROOT
from tests.e2e.shown import BESIDE, LANGUAGES, PARTS, Part, Screen

PAGE = ROOT / "docs" / "screens" / "README.md"
WIDTHS = {"tablet": 180, "landscape": 300, "desktop": 300}
LANGUAGE_WORDS = {"zh-CN": "中文", "en": "English"}
SIZE_WORDS = {"tablet": "upright", "landscape": "across", "desktop": "desktop", "phone": "phone"}
HEAD = """# Every screen

Taken by the end-to-end tests, which check each of them with axe and a ruler in both languages. This page is made by
`tests/e2e/gallery.py`, the list is `tests/e2e/shown.py`; `DAYBOOK_SCREENS=docs` before the tests takes the pictures anew.
"""


def page() -> str:
    anchors = [part.title.lower().replace(" ", "-").replace("'", "") for part in PARTS]
    parts = "\n".join(f"- [{part.title}](#{anchor})" for part, anchor in zip(PARTS, anchors, strict=True))
    return "\n".join((HEAD, parts, *(_part(part) for part in PARTS), _beside())) + "\n"


def _part(part: Part) -> str:
    """Two sizes in both languages; further ones are a link beside the words."""
    shown, further = part.sizes[:2], part.sizes[2:]
    columns = [f"{LANGUAGE_WORDS[language]}, {SIZE_WORDS[size]}" for size in shown for language in LANGUAGES]
    lines = ["", f"## {part.title}", "", f"| | {' | '.join(columns)} |", f"|---|{'---|' * len(columns)}"]
    for screen in part.screens:
        pictures = [_picture(screen, language, size) for size in shown for language in LANGUAGES]
        links = [
            f"[{LANGUAGE_WORDS[language]}, {SIZE_WORDS[size]}]({screen.name}.{language}.{size}.webp)"
            for size in further
            for language in LANGUAGES
        ]
        lines.append(f"| {'<br>'.join((f'**{screen.words}**', f'`{screen.name}`', *links))} | {' | '.join(pictures)} |")
    return "\n".join(lines)


def _picture(screen: Screen, language: str, size: str) -> str:
    file = f"{screen.name}.{language}.{size}.webp"
    alt = f"{screen.words} ({LANGUAGE_WORDS[language]}, {SIZE_WORDS[size]})"
    return f'<a href="{file}"><img src="{file}" width="{WIDTHS[size]}" alt="{alt}"></a>'


def _beside() -> str:
    pictures = [
        f'<a href="{name}.webp"><img src="{name}.webp" height="320" alt="{name}"></a>' for name in sorted(BESIDE)
    ]
    return "\n".join(("", "## On a phone, and in the dark", "", *pictures))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
