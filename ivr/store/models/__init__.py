"""What is kept: one file a group of tables. Importing this package registers every table."""

from ivr.store.models.access import SCOPES, ApiToken, AuditEnd, AuditLine
from ivr.store.models.answering import (
    Handover,
    LinePerson,
    Ring,
    RosterChange,
    RotationPerson,
    RotationRow,
    ShiftSwap,
    Wait,
)
from ivr.store.models.base import MAX_ID, Base
from ivr.store.models.blind import IndexKey
from ivr.store.models.call import Call, Turn
from ivr.store.models.card import CallerCard
from ivr.store.models.carrier import CarrierCheck
from ivr.store.models.clip import Clip
from ivr.store.models.community import Alias, CommunityRow, PlaceKey
from ivr.store.models.draft import Draft
from ivr.store.models.hold import LegalHold
from ivr.store.models.hotline import Hotline
from ivr.store.models.learning import PROPOSAL_STATES, AliasHearing, AliasProposal
from ivr.store.models.line import BulletinHearing, LineChange
from ivr.store.models.notice import NOTICE_STATES, UNSENT, Channel, Notice, NoticeRule, ReportLetter, StaffNotice
from ivr.store.models.outgoing import AUTOMATIC, CLOSING, CONTACT, OVERDUE, AutomaticTalk, Outgoing
from ivr.store.models.phone import Phone
from ivr.store.models.rating import Rating
from ivr.store.models.recording import Recording
from ivr.store.models.resealing import Resealing
from ivr.store.models.search import InboxFilter, IndexedUpTo, TableChoice
from ivr.store.models.staff import ROLES, LoginSession, LoginTries, OneTimeLink, RecoveryCode, Staff, StaffCommunity
from ivr.store.models.take import Take
from ivr.store.models.ticket import OPEN_STATUSES, STATUSES, HistoryLine, Ticket, TicketReader
from ivr.store.models.transfer import Transfer
from ivr.store.models.worker import Worker

__all__ = [
    "AUTOMATIC",
    "CLOSING",
    "CONTACT",
    "MAX_ID",
    "NOTICE_STATES",
    "OPEN_STATUSES",
    "OVERDUE",
    "PROPOSAL_STATES",
    "ROLES",
    "SCOPES",
    "STATUSES",
    "UNSENT",
    "Alias",
    "AliasHearing",
    "AliasProposal",
    "ApiToken",
    "AuditEnd",
    "AuditLine",
    "AutomaticTalk",
    "Base",
    "BulletinHearing",
    "Call",
    "CallerCard",
    "CarrierCheck",
    "Channel",
    "Clip",
    "CommunityRow",
    "Draft",
    "Handover",
    "HistoryLine",
    "Hotline",
    "InboxFilter",
    "IndexKey",
    "IndexedUpTo",
    "LegalHold",
    "LineChange",
    "LinePerson",
    "LoginSession",
    "LoginTries",
    "Notice",
    "NoticeRule",
    "OneTimeLink",
    "Outgoing",
    "Phone",
    "PlaceKey",
    "Rating",
    "Recording",
    "RecoveryCode",
    "ReportLetter",
    "Resealing",
    "Ring",
    "RosterChange",
    "RotationPerson",
    "RotationRow",
    "ShiftSwap",
    "Staff",
    "StaffCommunity",
    "StaffNotice",
    "TableChoice",
    "Take",
    "Ticket",
    "TicketReader",
    "Transfer",
    "Turn",
    "Wait",
    "Worker",
]
