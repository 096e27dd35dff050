"""Use cases on the unit of work, each named verb_noun."""
