"""Playbooks: what a file can say (`model`, `steps`, `criteria`, `calls`), where its steps lead (`flow`), and how one is run
(`run`, `facts`, `acts`, `executor` and what it is made of). Pure: whoever calls, measures or asks people does so elsewhere and
hands in what came of it. `matching` says which playbook fits an incident, `walk` runs one on prepared answers.
"""
