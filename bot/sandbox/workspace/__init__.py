"""What there is in the workspace, and the rules by which it changes: people, channels, messages, what each looks like to an app."""
