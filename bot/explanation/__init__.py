"""What a policy allows to whom, and what is said when it does not: `lockstep policy explain`. Pure.

`situations.py` has what may matter for an answer, `attempt.py` what an attempt is, `leading.py`, `working.py`, `testing.py` and
`telling.py` everything that people can try, `answers.py` puts the one to the rules in the other, and `page.py` writes it down.
"""
