"""Exports chats as phones do: the header forms that are known, each as a function of a moment."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

Stamp = Callable[[datetime], str]
THIN = "\u202f"
NO_BREAK = "\u00a0"


@dataclass(frozen=True)
class Sent:
    """A message as it was sent; without a sender it is WhatsApp's own line."""

    at: datetime
    sender: str
    text: str


def _12(at: datetime) -> int:
    return at.hour % 12 or 12


def _half(at: datetime, am: str, pm: str) -> str:
    return pm if at.hour >= 12 else am


def _part(at: datetime) -> str:
    """The part of the day as it is said in Indonesian."""
    if at.hour < 11:
        return "pagi"
    if at.hour < 15:
        return "siang"
    return "sore" if at.hour < 18 else "malam"


def _eastern(at: datetime) -> str:
    digits = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    half = _half(at, "ص", "م")
    written = f"{at.day}\u200f/{at.month}\u200f/{at.year}، {_12(at)}:{at:%M:%S} {half}"
    return f"[{written.translate(digits)}] "


FORMS: dict[str, Stamp] = {
    "id android": lambda t: f"{t:%d/%m/%y %H.%M} - ",
    "id android, year in full": lambda t: f"{t:%d/%m/%Y %H.%M} - ",
    "id android, comma": lambda t: f"{t:%d/%m/%y, %H.%M} - ",
    "id android, part of the day": lambda t: f"{t:%d/%m/%y} {_12(t)}.{t:%M} {_part(t)} - ",
    "id android, pukul": lambda t: f"{t:%d/%m/%y} pukul {t:%H.%M} - ",
    "id android, month in words": lambda t: f"{t.day} {_INDONESIAN[t.month - 1]} {t:%Y %H.%M} - ",
    "id iphone": lambda t: f"[{t:%d/%m/%y, %H.%M.%S}] ",
    "id iphone, no comma": lambda t: f"[{t:%d/%m/%y %H.%M.%S}] ",
    "id iphone, 12 h": lambda t: f"[{t:%d/%m/%y} {_12(t)}.{t:%M.%S}{THIN}{_half(t, 'AM', 'PM')}] ",
    "id iphone, marks": lambda t: f"\u200e[{t:%d/%m/%Y %H.%M.%S}] ",
    "us android": lambda t: f"{t.month}/{t.day}/{t:%y}, {_12(t)}:{t:%M} {_half(t, 'AM', 'PM')} - ",
    "us android, thin space": lambda t: (
        f"{t.month}/{t.day}/{t:%y}, {_12(t)}:{t:%M}{THIN}{_half(t, 'AM', 'PM')} - "
    ),
    "us android, 24 h": lambda t: f"{t.month}/{t.day}/{t:%y, %H:%M} - ",
    "us android, padded": lambda t: f"{t:%m/%d/%y, %H:%M} - ",
    "us iphone": lambda t: (
        f"[{t.month}/{t.day}/{t:%y}, {_12(t)}:{t:%M:%S}{THIN}{_half(t, 'AM', 'PM')}] "
    ),
    "us iphone, year in full": lambda t: (
        f"[{t.month}/{t.day}/{t.year}, {_12(t)}:{t:%M:%S} {_half(t, 'AM', 'PM')}] "
    ),
    "us iphone of 2014": lambda t: (
        f"{t.month}/{t.day}/{t:%y}, {_12(t)}:{t:%M:%S} {_half(t, 'AM', 'PM')}: "
    ),
    "gb android": lambda t: f"{t:%d/%m/%Y, %H:%M} - ",
    "gb android, pm": lambda t: f"{t:%d/%m/%Y}, {_12(t)}:{t:%M} {_half(t, 'am', 'pm')} - ",
    "in android": lambda t: f"{t:%d/%m/%y}, {_12(t)}:{t:%M}{THIN}{_half(t, 'am', 'pm')} - ",
    "gb iphone": lambda t: f"[{t:%d/%m/%Y, %H:%M:%S}] ",
    "ca android": lambda t: f"{t:%Y-%m-%d}, {_12(t)}:{t:%M} {_half(t, 'a.m.', 'p.m.')} - ",
    "za android": lambda t: f"{t:%Y/%m/%d}, {_12(t)}:{t:%M} {_half(t, 'am', 'pm')} - ",
    "es android": lambda t: (
        f"{t.day}/{t.month}/{t.year}, {_12(t)}:{t:%M} {_half(t, 'a. m.', 'p. m.')} - "
    ),
    "es android, no-break": lambda t: (
        f"{t.day}/{t.month}/{t:%y}, {_12(t)}:{t:%M}{THIN}"
        f"{_half(t, f'a.{NO_BREAK}m.', f'p.{NO_BREAK}m.')} - "
    ),
    "de android": lambda t: f"{t:%d.%m.%y, %H:%M} - ",
    "de iphone": lambda t: f"[{t:%d.%m.%y, %H:%M:%S}] ",
    "fr android": lambda t: f"{t:%d.%m.%y} à {t:%H:%M} - ",
    "pt android": lambda t: f"{t:%d/%m/%Y %H:%M} - ",
    "fi android": lambda t: f"{t.day}.{t.month}.{t.year} klo {t:%H.%M} - ",
    "da android": lambda t: f"{t:%d.%m.%Y %H.%M} - ",
    "nl android": lambda t: f"{t:%d-%m-%y %H:%M} - ",
    "nl iphone": lambda t: f"[{t:%d-%m-%y %H:%M:%S}] ",
    "sv android": lambda t: f"{t:%Y-%m-%d %H:%M} - ",
    "sv iphone": lambda t: f"[{t:%Y-%m-%d %H:%M:%S}] ",
    "hu android": lambda t: f"{t:%Y. %m. %d. %H:%M} - ",
    "hr, no dash": lambda t: f"{t.day}. {t.month}. {t:%Y. %H:%M:%S} ",
    "bg android": lambda t: f"{t:%d.%m.%y} \u0433., {t:%H:%M} ч. - ",
    "fr of canada": lambda t: f"{t:%Y-%m-%d %H} h {t:%M} - ",
    "ja android": lambda t: f"{t:%Y/%m/%d %H:%M} - ",
    "zh android": lambda t: (
        f"{t.year}/{t.month}/{t.day} {_half(t, '上午', '下午')}{_12(t)}:{t:%M} - "
    ),
    "zh iphone": lambda t: (
        f"[{t.year}/{t.month}/{t.day} {_half(t, '上午', '下午')}{_12(t)}:{t:%M:%S}] "
    ),
    "ko android": lambda t: (
        f"{t.year}년 {t.month}월 {t.day}일 {_half(t, '오전', '오후')} {_12(t)}:{t:%M}, "
    ),
    "ko iphone": lambda t: (
        f"[{t.year}. {t.month}. {t.day}. {_half(t, '오전', '오후')} {_12(t)}:{t:%M:%S}] "
    ),
    "ar iphone": _eastern,
    "th android": lambda t: f"{t.day}/{t.month}/{t.year + 543} {t:%H:%M} - ",
    "copied from a browser": lambda t: f"[{t:%H.%M}, {t.day}/{t.month}/{t.year}] ",
    "copied from a browser, 12 h": lambda t: (
        f"[{_12(t)}:{t:%M} {_half(t, 'AM', 'PM')}, {t.month}/{t.day}/{t.year}] "
    ),
    "iphone, no seconds": lambda t: f"[{t:%d/%m/%Y %H:%M}] ",
    "iphone, iso": lambda t: f"[{t:%Y-%m-%d}, {_12(t)}:{t:%M:%S}{THIN}{_half(t, 'AM', 'PM')}] ",
    "en dash, zone": lambda t: f"{t:%d/%m/%Y %H.%M} WIB \u2013 ",
    "english, at": lambda t: (
        f"{t.month}/{t.day}/{t:%y} at {_12(t)}:{t:%M} {_half(t, 'AM', 'PM')} - "
    ),
    "id, weekday": lambda t: (
        f"{_WEEKDAYS[t.weekday()]}, {t.day} {_INDONESIAN[t.month - 1]} {t:%Y %H.%M} - "
    ),
    "2012": lambda t: f"{t:%d/%m/%Y %H:%M:%S}: ",
    "2016, month in words": lambda t: f"{t.day} {_ENGLISH[t.month - 1]} {t:%Y, %H:%M} - ",
    "english, month first": lambda t: (
        f"{_ENGLISH[t.month - 1]} {t.day}, {t.year}, {_12(t)}:{t:%M} {_half(t, 'AM', 'PM')} - "
    ),
}
"""Every form, by where it comes from."""

_WEEKDAYS = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"]
_INDONESIAN = ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"]
_ENGLISH = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def tells_seconds(form: str) -> bool:
    """Whether the form says the second."""
    stamp = FORMS[form]
    return stamp(datetime.fromisoformat("2024-08-20T09:05:01")) != stamp(
        datetime.fromisoformat("2024-08-20T09:05:02")
    )


def exported(messages: Sequence[Sent], form: str, *, end: str = "\n", mark: str = "") -> str:
    """A chat in a header form.

    Args:
        end: of every message; within messages lines end in a bare line feed.
        mark: what the file begins with.
    """
    stamp = FORMS[form]
    lines = []
    for message in messages:
        name = f"{message.sender}: " if message.sender else ""
        lines.append(f"{stamp(message.at)}{name}{message.text}{end}")
    return mark + "".join(lines)
