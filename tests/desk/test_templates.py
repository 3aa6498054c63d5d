"""What holds of every template and file of the desk."""

import re
from pathlib import Path

import pytest

from bot.desk import routes

DESK = Path(routes.__file__).parent
TEMPLATES = sorted((DESK / "templates").glob("*.html"))
FORM = re.compile(r"<form\b[^>]*method=\"post\"[^>]*>(.*?)</form>", re.DOTALL)
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)")
ELSEWHERE = re.compile(r"(?:src|href|action|url\()=?[\"'(]?(?:https?:)?//")
UNESCAPED = re.compile(r"\|\s*safe\b|autoescape\s+false|Markup\(")


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_is_safe(template: Path) -> None:
    """Each form has its token, nothing is inline, from elsewhere or unescaped."""
    html = template.read_text()
    for form in FORM.findall(html):
        assert 'name="csrf" value="{{ csrf }}"' in form or "{{ hidden() }}" in form
    for pattern in (INLINE, ELSEWHERE, UNESCAPED):
        assert pattern.findall(html) == []


def test_files_load_nothing_from_elsewhere() -> None:
    """Neither style sheets nor scripts name another site."""
    for path in (DESK / "static").iterdir():
        text = path.read_text().replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://", text), path.name


@pytest.mark.parametrize(
    "bad",
    [
        "<p style='x'>",
        '<button onclick="x()">',
        "<script>x</script>",
        '<img src="//evil.example/x">',
        "{{ name | safe }}",
    ],
)
def test_what_is_unsafe_is_found(bad: str) -> None:
    """The patterns above can fail."""
    assert any(pattern.search(bad) for pattern in (INLINE, ELSEWHERE, UNESCAPED))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_macro_hides_no_value(template: Path) -> None:
    """A macro's name stands for the macro alone: it is always called, never shown."""
    html = template.read_text()
    spoken = re.findall(r"{[{%].*?[%}]}", html)
    for macro in re.findall(r"{% macro (\w+)\(", html):
        shown = [each for each in spoken if re.search(rf"(?<!['\"]){macro}\b(?!\(|['\"])", each)]
        assert shown == []
