"""Lockstep: a Slack bot that turns an outage into a deterministic workflow."""

__version__ = "0.1.0"
