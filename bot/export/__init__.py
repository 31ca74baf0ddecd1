"""An incident for those who have no Lockstep: as JSON with all that is kept, as Markdown to read, and as a bundle that a third
party checks by itself. Knows the core, the store, and those words of `bot.slack` that are plain.

`read` it in a transaction, then draw it: `as_json`, `as_markdown`, `bundle`.
"""

from bot.export.markdown import as_markdown
from bot.export.packing import bundle
from bot.export.record import Record, as_json, read

__all__ = ["Record", "as_json", "as_markdown", "bundle", "read"]
