"""A hotline that rings residents by itself: what the stories of each kind of such calls do with it."""

from collections.abc import Callable
from typing import ClassVar

from sqlalchemy import select

from ivr.app import App
from ivr.jobs.place_call import place_call
from ivr.phone.rung import Rung
from ivr.store.models import Outgoing
from tests.fake_carrier import FakeCarrier
from tests.stories.conftest import Ring, only_ticket


class CallingTown:
    """The worker works, and the resident's telephone rings. ``JOB``: what finds out who is to be called."""

    JOB: ClassVar[Callable[[App], None]]

    def __init__(self, app: App, ring: Ring, carrier: FakeCarrier) -> None:
        self.app, self.ring, self.carrier = app, ring, carrier
        self.sets(hotline_calling_hours="00:00-00:00")

    def sets(self, **settings: object) -> None:
        self.app.settings = self.app.settings.model_copy(update=settings)

    def changes(self, **values: object) -> None:
        with self.app.sessions.begin() as db:
            for name, value in values.items():
                setattr(only_ticket(db), name, value)

    def works(self) -> int:
        """What the worker does; how many telephones have rung so far."""
        type(self).JOB(self.app)
        with self.app.sessions.read() as db:
            waiting = db.scalars(select(Outgoing.id).where(Outgoing.state == "waiting")).all()
        for outgoing_id in waiting:
            place_call(self.app, outgoing_id)
        return len(self.carrier.placed)

    def telephone(self, **options: bool) -> Rung:
        before = len(self.carrier.placed)
        assert before + 1 == self.works()
        return Rung(self.ring().line, self.carrier.placed[-1], **options)
