"""The forms: one class each, which draws itself (`view`) and reads itself back (`parse`), so that the two cannot drift apart.

Reading gives the commands that the person wants, or `FieldErrors` to show in the form. Deciding is done elsewhere.
"""
