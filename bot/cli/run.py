"""`laurel run`: sets up what is missing, then serves."""


def run() -> None:
    """Sets up the database, prints the page's address and, while there is no owner, the owner's invitation; serves."""
    from bot.cli.serve import serve

    serve()
