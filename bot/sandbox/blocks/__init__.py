"""Block Kit: what Slack accepts in messages and forms, which elements there are, and how they read as plain text."""
