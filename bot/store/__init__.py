"""What Lockstep remembers: the journal of every incident, the outbox's lanes, timers and outcomes, on SQLite or PostgreSQL.

Start with `tables.py` (what is kept), `database.py` (a transaction) and `journal.py` (the record of an incident). Every function
takes the transaction it belongs to, so that what a command leads to is kept together or not at all.
"""
