"""Calls to other systems, for playbooks: only where the policy lets them, and only to the address that was looked at.

`addresses` knows which addresses are inside, `fetching` makes one request, `secrets` puts in what only the environment knows, and
`caller` carries out a playbook's call: as often as it may be made, and to an outcome that says what is known of it.
"""
