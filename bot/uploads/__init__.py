"""Files that people send: taken in as a stream, looked into, kept or refused."""
