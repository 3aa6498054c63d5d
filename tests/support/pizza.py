"""A pizza shop's flows: nothing to do with passports."""

from __future__ import annotations

from collections.abc import Callable

from tests.support.talk import Talk, an_action

MakeTalk = Callable[..., Talk]

BAKE = an_action("bake", "done burnt", "loaves")
LIST = an_action("list_sizes", "found none", "sizes")
REPLIES = (
    "welcome what_now menu sorry really bye thanks which_size what_name how_long pizza late"
    " still_there gone no_such kept cancelled which_day"
)
COMMON = """\
always:
  ask_menu: {say: menu}
  cancel: {call: cancel}
  restart: {restart: true}
  change_language: {say: thanks}
misunderstood: {say: sorry}
"""
SHOP = """\
flow: shop
include: common
initial: open
slots:
  size: {type: text}
  name: {type: person_name, ask: what_name}
  day: {type: date, ask: which_day}
states:
  open:
    say: welcome
    ask: what_now
    on:
      order: {go: choosing}
      hello: {go: open}
      shout: {say: really, at_most: 2, go: done}
  choosing:
    do: list_sizes
    outcomes: {found: {}, none: {say: gone, go: done}}
    ask: which_size
    options: {size: sizes}
    on: {choose: {go: naming}}
    misunderstood: {say: no_such, at_most: 2, go: done}
    timeout: {after: 1 hour, go: lapsed}
  naming:
    collect: [name, day]
    filled: {go: baking}
    ask: how_long
    timeout: {after: 10 minutes, say: still_there}
  baking:
    do: bake
    outcomes: {done: {set: {size: null}, go: done}, burnt: {say: late, go: choosing}}
  done:
    say: [pizza, bye]
    misunderstood: {say: thanks}
    end: true
  lapsed:
    say: bye
    end: true
"""
CANCEL = """\
flow: cancel
include: common
initial: asking
states:
  asking:
    ask: really
    on: {yes: {say: cancelled, go: cancelled}, no: {go: kept}}
    timeout: {after: 30 minutes, go: kept}
  cancelled: {end: true}
  kept: {end: true}
"""


def choosing(talk: Talk) -> Talk:
    """Brought to the choice of a size."""
    talk.hear("order")
    talk.end("found", sizes=["small", "large"])
    return talk
