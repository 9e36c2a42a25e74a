"""How the community is found: named, confirmed, chosen, narrowed, keyed, dialled, remembered, refused."""

from sqlalchemy.orm import Session

from ivr.phone.handset import Handset
from tests.stories.conftest import GINKGO_ONLY, Ring, newest_ticket, only_ticket

GINKGO, PEONY = "330206001001", "330206001002"


def test_a_wrong_guess_is_corrected_by_one_key(phone: Handset, db: Session) -> None:
    """The community is said back; 2 asks again, and what was refused is not offered any more."""
    phone.dial().press("1").speak("银杏社区").press("2")
    assert "哪个社区" in phone.said

    phone.speak("牡丹社区").leave_message()
    assert PEONY == only_ticket(db).community_code


def test_two_places_of_one_name_are_told_apart_by_key(phone: Handset, db: Session) -> None:
    """太平村 is in two streets: each is read with its own, a key chooses."""
    phone.dial().press("1").speak("太平村")
    assert "大榭街道" in phone.said
    assert "白峰街道" in phone.said

    phone.press("2").leave_message()
    assert "330206003001" == only_ticket(db).community_code


def test_two_places_of_one_name_are_told_apart_by_speech(phone: Handset, db: Session) -> None:
    """The street alone is answer enough."""
    phone.dial().press("1").speak("太平村").speak("白峰街道").leave_message()

    assert "330206003001" == only_ticket(db).community_code


def test_the_second_one_can_be_said(phone: Handset, db: Session) -> None:
    """第二个 chooses the second."""
    phone.dial().press("1").speak("太平村").speak("第二个").leave_message()

    assert "330206003001" == only_ticket(db).community_code


def test_a_name_that_many_share_is_narrowed_by_the_street(phone: Handset, db: Session) -> None:
    """Five places called 和平村 are too many to read out: the street is asked."""
    phone.dial().press("1").speak("和平村")
    assert "哪个街道" in phone.said

    phone.speak("柴桥街道").leave_message()
    assert "330206004001" == only_ticket(db).community_code


def test_the_number_on_the_leaflet_is_enough(phone: Handset, db: Session) -> None:
    """Three keys name the community; it is said back all the same."""
    phone.dial().press("2").press("102")
    assert "牡丹社区" in phone.said

    phone.leave_message()
    assert PEONY == only_ticket(db).community_code


def test_a_number_that_no_leaflet_has_is_told_so(phone: Handset, db: Session) -> None:
    """C17: not "I did not hear you"."""
    phone.dial().press("2")
    assert "三位号码" in phone.said
    phone.press("999")
    assert "没有这个号码" in phone.said

    phone.press("102").leave_message()
    assert PEONY == only_ticket(db).community_code


def test_a_community_refused_by_mistake_is_understood_when_it_is_said_again(ring: Ring, db: Session) -> None:
    """C3: the finger slipped; the ticket is the caller's own."""
    phone = ring(called=GINKGO_ONLY)
    phone.dial().press("1").press("2").speak("新碶街道银杏社区").leave_message()

    assert (GINKGO, False) == (only_ticket(db).community_code, only_ticket(db).for_another)


def test_the_dialled_number_is_only_confirmed(ring: Ring, db: Session) -> None:
    """A number of one community's own asks yes or no instead of a name."""
    phone = ring(called=GINKGO_ONLY)
    phone.dial().press("1")
    assert "您是银杏社区的吗" in phone.said

    phone.press("1").leave_message()
    assert GINKGO == only_ticket(db).community_code


def test_a_caller_is_remembered(ring: Ring, db: Session, app) -> None:
    """The last ticket's community is only confirmed; a spoken yes is enough."""
    ring().dial().press("1").press("101").leave_message()
    with app.sessions.begin() as writing:
        newest_ticket(writing).status = "resolved"

    again = ring()
    again.dial().press("2")
    assert "还是银杏社区吗" in again.said
    again.speak("对的").leave_message()
    assert ("food", GINKGO) == (newest_ticket(db).need, newest_ticket(db).community_code)


def test_ringing_for_a_parent_leaves_the_memory_alone(ring: Ring, db: Session, app) -> None:
    """No to the remembered community asks for another, and the next call remembers the caller's own again."""

    def resolve_all() -> None:
        with app.sessions.begin() as writing:
            newest_ticket(writing).status = "resolved"

    ring().dial().press("1").press("101").leave_message()
    resolve_all()
    for_mother = ring()
    for_mother.dial().press("1").speak("不是").speak("牡丹社区").leave_message()
    assert PEONY == newest_ticket(db).community_code
    resolve_all()

    third = ring()
    third.dial().press("1")
    assert "还是银杏社区吗" in third.said


def test_no_and_the_right_name_in_one_breath(ring: Ring, db: Session) -> None:
    """不是，是牡丹社区: refused and answered at once."""
    phone = ring(called=GINKGO_ONLY)
    phone.dial().press("1").speak("不是，是牡丹社区").leave_message()

    assert PEONY == only_ticket(db).community_code


def test_not_understood_twice_is_recorded_anyway(phone: Handset, db: Session) -> None:
    """Two answers that name no community: the beep, and staff will place the call."""
    phone.dial().press("1").speak("嗯这个那个").speak("今天天气蛮好")
    assert "不用按键" in phone.said

    phone.leave_message()
    assert ["community_unknown"] == only_ticket(db).flags


def test_who_does_not_know_it_is_recorded_anyway(phone: Handset, db: Session) -> None:
    """不知道 is an answer."""
    phone.dial().press("1").speak("我不知道呀").leave_message()

    assert ("medicine", None) == (only_ticket(db).need, only_ticket(db).community_code)
