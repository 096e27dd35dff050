"""One transaction and everything that can be done in it."""

from contextlib import AbstractContextManager

import sqlalchemy as sa

from storage.applications import Applications
from storage.broadcasts import Broadcasts
from storage.conversations import Conversations
from storage.deadlines import Deadlines
from storage.events import Events
from storage.figures import Figures
from storage.files_index import FilesIndex
from storage.identities import Identities
from storage.invitations import Invitations
from storage.leases import Leases
from storage.messages import Messages
from storage.persons import Persons
from storage.questions import Questions
from storage.reminders import Reminders
from storage.watches import Watches


class UnitOfWork:
    """The repositories, on one connection within one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self.persons = Persons(connection)
        self.identities = Identities(connection)
        self.conversations = Conversations(connection)
        self.events = Events(connection)
        self.messages = Messages(connection)
        self.applications = Applications(connection)
        self.questions = Questions(connection)
        self.broadcasts = Broadcasts(connection)
        self.reminders = Reminders(connection)
        self.watches = Watches(connection)
        self.deadlines = Deadlines(connection)
        self.invitations = Invitations(connection)
        self.leases = Leases(connection)
        self.figures = Figures(connection)
        self.files = FilesIndex(connection)

    def savepoint(self) -> AbstractContextManager[object]:
        """A part that can fail by itself: what is raised within undoes the part alone, and goes on upwards."""
        return self._connection.begin_nested()
