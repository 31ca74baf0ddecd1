"""What the app is told, and how it reaches it: payloads, Socket Mode, events that are sent again until they are acknowledged."""
