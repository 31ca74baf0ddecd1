"""What an incident changes: the postmortem, and the action items that come out of it."""
