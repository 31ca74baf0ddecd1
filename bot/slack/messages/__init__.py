"""What Lockstep says in Slack: pure builders from the state of an incident, or one event, to a `Message`.

`card` and `announcement` show how an incident stands, `notices` speak to its room, `updates` to stakeholders, and `answers`,
`refusals` and `timeline` to one person who asked or acted.
"""
