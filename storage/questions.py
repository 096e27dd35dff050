"""Questions that no guide answers."""

from datetime import datetime

import sqlalchemy as sa

from storage.models import questions
from storage.records import Question
from storage.rows import Repository, columns

_SELECT = sa.select(*columns(questions, Question))


class Questions(Repository):
    """Questions for staff."""

    def add(self, person_id: int, channel: str, chat: str, programme: str, text: str, now: datetime) -> int:
        """A new open question; its number."""
        values = {"person_id": person_id, "channel": channel, "chat": chat, "programme": programme, "text": text}
        statement = sa.insert(questions).values(state="open", asked_at=now, **values)
        return int(self._connection.execute(statement.returning(questions.c.id)).scalar_one())

    def get(self, question_id: int) -> Question | None:
        """The question of that number."""
        return self._first(Question, _SELECT.where(questions.c.id == question_id))

    def open(self, limit: int = 20) -> list[Question]:
        """The questions that wait, the longest waiting first."""
        return self._all(Question, _SELECT.where(questions.c.state == "open").order_by(questions.c.id).limit(limit))

    def answer(self, question_id: int, text: str, by: int, now: datetime) -> None:
        """Notes the answer and who gave it."""
        own = sa.update(questions).where(questions.c.id == question_id)
        self._connection.execute(own.values(state="answered", answer=text, answered_by=by, answered_at=now))
