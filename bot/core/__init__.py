"""What an incident is and what may happen to it: pure rules, without a clock, I/O, async or Slack.

Start with `incident.py` (the state), `decision.py` (what a command and an event are), `refusal.py` (why something may not be done),
and `vocabulary.py` (all of them, and the three functions everything else calls: `decide`, `evolve`, `effects`).
Phases, roles and facts are at hand here; the communication router, the hypothesis tracker, playbooks and what is learnt
afterwards each have a folder.
"""
