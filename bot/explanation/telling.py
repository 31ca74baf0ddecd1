"""What people can try who tell others: updates and drafts, corrections, reminders, and how often audiences hear."""

from bot.core.decision import Command
from bot.core.incident import Incident, Told
from bot.core.promised import Reminder, Stretch
from bot.core.router.cadence import StretchCadence
from bot.core.router.corrections import CorrectUpdate
from bot.core.router.reminders import SayNoChange, SnoozeReminder
from bot.core.router.subscribing import Subscribe, Unsubscribe
from bot.core.router.updates import SendUpdate, listeners
from bot.core.router.wording import facts
from bot.explanation.attempt import Asked, Attempt
from bot.explanation.situations import EARLIER, NOW, TO_COME


def _told(asked: Asked) -> Incident:
    """Everybody was told a moment ago and has read when they hear again. Whoever sends an audience its update last waits to do
    so."""
    names = listeners(asked.now, asked.policy)
    told = {
        name: Told(updates=2, last=NOW, promised=TO_COME, facts=facts(asked.now, asked.policy, name)) for name in names
    }
    return asked.now.but(told=told, undrafted_until=dict.fromkeys(names, TO_COME))


def _told_otherwise(asked: Asked) -> Incident:
    """Everybody was told, and what they read is not so any more."""
    before = asked.now.but(impact="Everybody can pay")
    return _told(Asked(by=asked.by, now=before, policy=asked.policy)).but(impact=asked.now.impact)


def _overdue(asked: Asked) -> Incident:
    """Everybody was to hear before now."""
    now = _told(asked)
    return now.but(told={name: one.but(promised=EARLIER) for name, one in now.told.items()})


def _put_off(asked: Asked) -> Incident:
    """Reminders were put off, of all that everybody was promised."""
    now = _told(asked)
    return now.but(reminders=dict.fromkeys(now.told, Reminder(due=TO_COME, snoozed_until=TO_COME)))


def _first(asked: Asked) -> tuple[str, ...]:
    """The first audience; none when nobody hears of it."""
    return tuple(listeners(asked.now, asked.policy)[:1])


def _send_draft(asked: Asked, updates: int) -> Command:
    """Send the draft of the first audience, which had had so many updates when it was shown."""
    return SendUpdate(origin=asked.by, text="We are on it", audiences=_first(asked), updates=updates)


def _naming(asked: Asked) -> SendUpdate:
    """Tell the first audience who is at it."""
    return SendUpdate(origin=asked.by, text="Ask @carol about it", audiences=_first(asked))


def _no_change(asked: Asked, updates: int = 2) -> Command:
    """Tell the first audience that nothing is new; it had had so many updates when that was asked."""
    names = _first(asked)
    return SayNoChange(origin=asked.by, audiences=names, told=dict.fromkeys(names, updates))


def _correct(asked: Asked, *audiences: str) -> Command:
    return CorrectUpdate(origin=asked.by, audiences=audiences, wrong="Nobody can pay", text="Some cannot pay")


def _snooze(asked: Asked) -> Command:
    return SnoozeReminder(origin=asked.by, audiences=tuple(asked.now.told))


def _stretch(asked: Asked) -> Command:
    return StretchCadence(origin=asked.by)


def _young(asked: Asked) -> Incident:
    return asked.now.but(declared_at=NOW)


def _stretched(asked: Asked) -> Incident:
    return asked.now.but(stretch=Stretch(since=NOW, times=2))


SENDING = (
    Attempt("Updates", "send an update", lambda asked: SendUpdate(origin=asked.by, text="We are on it")),
    Attempt("Updates", "send a draft that waits", lambda asked: _send_draft(asked, 2), _told),
    Attempt("Updates", "send a draft that somebody has sent", lambda asked: _send_draft(asked, 1), _told),
    Attempt(
        "Updates",
        "tell an audience that does not hear of it",
        lambda asked: SendUpdate(origin=asked.by, text="We are on it", audiences=("the press",)),
    ),
    Attempt("Updates", "send an update that names a person", _naming),
    Attempt(
        "Updates", "send it all the same, and say why", lambda asked: _naming(asked).but(because="They asked for it")
    ),
    Attempt("Updates", "correct what an audience was told", lambda asked: _correct(asked, *_first(asked)), _told),
    Attempt(
        "Updates",
        "correct what an audience was never told",
        lambda asked: _correct(asked, "the press"),
        _told,
    ),
)
PROMISES = (
    Attempt("Updates", "say that nothing has changed", _no_change, _told),
    Attempt("Updates", "say so when something has", _no_change, _told_otherwise),
    Attempt("Updates", "say so when somebody has told them meanwhile", lambda asked: _no_change(asked, 1), _told),
    Attempt("Updates", "put a reminder off", _snooze, _told),
    Attempt("Updates", "put it off once more", _snooze, _put_off),
    Attempt("Updates", "put it off when the update is overdue", _snooze, _overdue),
    Attempt("Updates", "let audiences hear less often", _stretch),
    Attempt("Updates", "let them hear less often in the first minutes", _stretch, _young),
    Attempt("Updates", "let them hear less often when they do already", _stretch, _stretched),
    Attempt(
        "Updates",
        "let them hear as often as usual again",
        lambda asked: StretchCadence(origin=asked.by, is_on=False),
        _stretched,
    ),
)
SUBSCRIBING = (
    Attempt("Updates", "subscribe to updates", lambda asked: Subscribe(origin=asked.by, people=(asked.by.actor,))),
    Attempt("Updates", "end a subscription", lambda asked: Unsubscribe(origin=asked.by, person=asked.by.actor)),
)
UPDATES = (*SENDING, *PROMISES, *SUBSCRIBING)
