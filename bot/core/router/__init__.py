"""The communication router: who is told what, in which words and how often, what was promised them and what came of it."""
