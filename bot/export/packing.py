"""The bundle of one incident: a .zip that a third party can check without us. Made so that one journal always gives the same
bytes: nothing in it is compressed, and nothing tells of when or where it was made.
"""

import io
import zipfile
from dataclasses import asdict, replace
from importlib.resources import files

from bot.core.value import canonical
from bot.export.markdown import as_markdown
from bot.export.postmortem import as_postmortem
from bot.export.record import Record

_README = """\
{name}: the record of an incident, as Lockstep kept it

journal.jsonl  the record: one event a line, in order
state.json     what the events add up to
timeline.md    the same for people to read
postmortem.md  what was learnt, as far as it was written
verify.py      checks journal.jsonl; needs Python 3.9 or newer and nothing else

To check the record:

    python3 verify.py

It computes every hash anew, ends with exit code 1 and names the first event that is wrong, if any is. Otherwise it prints the
lines that Lockstep posted in the incident's room in Slack, under the messages that told of a new phase and of the end.
Compare them with Slack, where whoever changed the record later could not change them, or copy them from Slack and let the
script look them up:

    python3 verify.py "Record 7: 0123456789abcdef0123456789abcdef"

Only both together show that the record is whole: the hashes alone would also be right in a record that was rewritten from
some event on to the end, or whose end was cut off. All that comes after the last line posted in Slack cannot be vouched for.

state.json, timeline.md and postmortem.md follow from journal.jsonl; verify.py does not check them. An event with
"redacted_by" lost what was typed in it, on the order of the event with that number; that something was typed, when
and by whom, is still vouched for.

A hash is the SHA-256, in hexadecimal digits, of a JSON list: sorted keys, no spaces, UTF-8, no character escaped but those that
JSON requires. text_hash is that of [salt, text]. hash is that of [prev_hash, team, incident, seq, at, recorded_at, actor, kind,
data, text_hash]; prev_hash is the hash of the event before, and 64 zeros in the first.
"""


def bundle(record: Record) -> bytes:
    """The .zip, with all its files in a folder of the incident's name. What it says comes from the journal alone."""
    record = replace(record, links={})
    incident = record.incident
    contents = {
        "README.txt": _README.format(name=incident.name).encode(),
        "journal.jsonl": "".join(canonical(asdict(entry)) + "\n" for entry in record.entries).encode(),
        "state.json": (incident.canonical() + "\n").encode(),
        **({"postmortem.md": as_postmortem(record).encode()} if record.policy else {}),
        "timeline.md": as_markdown(record).encode(),
        "verify.py": files("bot.export").joinpath("verify.py").read_bytes(),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in contents.items():
            archive.writestr(_member(f"{incident.name}/{name}"), content)
    return packed.getvalue()


def _member(name: str) -> zipfile.ZipInfo:
    """A file that is as old as the format, and that everybody may read wherever it is unpacked."""
    member = zipfile.ZipInfo(name)
    member.create_system = 3
    member.external_attr = 0o100644 << 16
    return member
