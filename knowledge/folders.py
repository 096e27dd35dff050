"""Where packs and topics lie, what their files are called, and where what is learnt of them is kept."""

import os
from pathlib import Path

PACKS = Path(__file__).parent / "packs"
TOPICS = Path(__file__).parent / "topics"
VOICES, STATEMENTS = "voices", "statements"
GUIDE, PROGRAMME, ENTRIES, FORM, PAPERS = "guide.md", "programme.yaml", "topics.yaml", "form.yaml", "papers.yaml"


def cache_folder() -> Path:
    """Where what is learnt from the topics is kept: a user's cache, never the project."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "laurel"
