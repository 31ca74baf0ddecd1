"""What incidents teach when they are looked at together: when what happened, how long it took, which promises were kept. Pure:
reads events, knows neither database nor Slack, and never says anything of a person.
"""
