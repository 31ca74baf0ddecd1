"""The team's glossary as an incident pins it with its policy: its words are part of what decides whether a text may go out."""

from functools import cached_property

from bot.core.value import Value
from bot.language import Glossary, Term


class PinnedGlossary(Value):
    """What `playbooks/glossary.yml` said when the policy was taken up; empty where there was none. See `Glossary`."""

    terms: tuple[Term, ...] = ()
    products: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()

    @classmethod
    def of(cls, glossary: Glossary) -> "PinnedGlossary":
        """This glossary, in an order of its own, so that the same words have the same hash."""
        known, addresses = sorted(glossary.known), sorted(glossary.addresses)
        return cls(terms=glossary.terms, products=glossary.products, known=tuple(known), addresses=tuple(addresses))

    @cached_property
    def words(self) -> Glossary:
        """The glossary as the rules use it."""
        return Glossary(self.terms, self.products, self.known, self.addresses)
