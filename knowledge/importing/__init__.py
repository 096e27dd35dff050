"""A guide as it was published, made into a pack: read, cleaned, and with proposals for its editor."""
