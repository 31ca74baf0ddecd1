"""Slack's names for types of files. Data only [all from memory]."""

from __future__ import annotations

ENDINGS = {
    "jpeg": "jpg",
    "js": "javascript",
    "log": "text",
    "md": "markdown",
    "py": "python",
    "sh": "shell",
    "txt": "text",
    "yml": "yaml",
}
"""The types whose name is not the ending of the file's name."""

PRETTY = {
    "csv": "CSV",
    "gif": "GIF",
    "javascript": "JavaScript/JSON",
    "jpg": "JPEG",
    "json": "JSON",
    "markdown": "Markdown (raw)",
    "pdf": "PDF",
    "png": "PNG",
    "python": "Python",
    "shell": "Shell",
    "text": "Plain Text",
    "yaml": "YAML",
    "zip": "Zip",
}
"""What people read for a type."""

_SNIPPETS = """
    applescript c cfm clojure coffeescript cpp csharp css csv d dart diff dockerfile erlang fortran fsharp go groovy
    handlebars haskell haxe html java javascript json kotlin latex lisp lua markdown matlab mumps objc ocaml pascal perl
    php pig powershell puppet python r ruby rust sass scala scheme shell smalltalk sql swift text tsv vb vbscript velocity
    verilog xml yaml
"""
SNIPPETS = frozenset(_SNIPPETS.split())
"""The types of snippets."""


def filetype(name: str) -> str:
    """The type of a file of this name."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return ENDINGS.get(ending, ending or "binary")


def pretty(kind: str) -> str:
    """What people read for a type."""
    return PRETTY.get(kind, kind.upper())
