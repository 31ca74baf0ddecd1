"""Pictures of incidents, drawn in a process of their own, so that the bot stays small."""
