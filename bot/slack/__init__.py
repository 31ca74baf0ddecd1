"""Everything that Slack sees or sends: builders of messages and forms (pure), listeners, and the gateway.

Start with `messages/` for what people read, `forms/` for what they fill in and `listeners/` for what happens when they act.
"""
