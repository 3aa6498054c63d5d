"""Changes as Meta sends them, one of every kind, all of it made up."""

from __future__ import annotations

from typing import Any, Final

from tests.support.webhooks import (
    ACCOUNT,
    APPLICANT,
    JSON,
    OFFICE_NUMBER,
    change,
    image,
    list_reply,
    message,
    status,
    text,
)

MEDIA: Final = {
    "id": "1037543291543636",
    "mime_type": "application/octet-stream",
    "sha256": "A" * 43 + "=",
    "url": "https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1037543291543636",
}
QUOTE: Final = {"from": OFFICE_NUMBER, "id": "wamid.OURS"}
CARD: Final = {
    "name": {"formatted_name": "Budi Contoh", "first_name": "Budi"},
    "phones": [{"phone": "+62 812-0000-0002", "wa_id": "6281200000002", "type": "CELL"}],
    "org": {"company": "Contoh"},
    "birthday": "1990-01-02",
}
ITEM: Final = {
    "product_retailer_id": "MAP-BIRU",
    "quantity": 2,
    "item_price": 15000,
    "currency": "IDR",
}
ADVERTISEMENT: Final = {
    "source_url": "https://fb.example.test/ad",
    "source_type": "ad",
    "source_id": "120200000000000000",
    "headline": "Antre paspor",
    "body": "Tanpa antre lama",
    "media_type": "image",
    "ctwa_clid": "ARExample",
}
TAP: Final = {"type": "button_reply", "button_reply": {"id": "/help", "title": "Bantuan"}}
FORM: Final = {"name": "flow", "body": "Sent", "response_json": '{"nama": "Rina"}'}
NOT_SHOWN: Final = {
    "code": 131051,
    "title": "Message type unknown",
    "error_data": {"details": "not supported"},
}

CONTENTS: Final[tuple[dict[str, Any], ...]] = (
    {"type": "text", "text": {"body": "syaratnya apa?"}, "context": QUOTE},
    {"type": "text", "text": {"body": "halo"}, "referral": ADVERTISEMENT},
    {"type": "text", "text": {"body": "ya"}, "context": {"frequently_forwarded": True}},
    {"type": "interactive", "interactive": TAP, "context": QUOTE},
    {"type": "interactive", "interactive": {"type": "nfm_reply", "nfm_reply": FORM}},
    {"type": "interactive", "interactive": {"type": "call_permission_reply"}},
    {"type": "button", "button": {"text": "Ya", "payload": "Ya"}, "context": QUOTE},
    {"type": "image", "image": {**MEDIA, "mime_type": "image/jpeg", "caption": "ktp"}},
    {"type": "video", "video": {**MEDIA, "mime_type": "video/mp4"}},
    {"type": "audio", "audio": {**MEDIA, "mime_type": "audio/ogg; codecs=opus", "voice": True}},
    {"type": "document", "document": {**MEDIA, "filename": "ktp.pdf", "caption": "ini"}},
    {"type": "sticker", "sticker": {**MEDIA, "mime_type": "image/webp", "animated": True}},
    {"type": "location", "location": {"latitude": -6.59, "longitude": 106.79, "name": "Bogor"}},
    {"type": "contacts", "contacts": [CARD, CARD]},
    {"type": "order", "order": {"catalog_id": "1", "text": "ini", "product_items": [ITEM]}},
    {"type": "reaction", "reaction": {"message_id": "wamid.OURS", "emoji": "👍🏽"}},
    {"type": "system", "system": {"type": "customer_identity_changed", "body": "changed"}},
    {"type": "unsupported", "unsupported": {"type": "poll_creation"}, "errors": [NOT_SHOWN]},
    {"type": "request_welcome"},
    {"type": "ephemeral"},
    {"type": "revoke", "revoke": {"original_message_id": "wamid.OLD"}},
    {
        "type": "edit",
        "edit": {
            "original_message_id": "wamid.OLD",
            "message": {"type": "text", "text": {"body": "syarat"}, "context": {"id": "M0"}},
        },
    },
    {"type": "text", "text": {"body": "hai semua"}, "group_id": "120363000000000000"},
)

CALL: Final = {
    "id": "wacid.EXAMPLE",
    "from": APPLICANT,
    "to": OFFICE_NUMBER,
    "event": "connect",
    "timestamp": "1795400000",
    "direction": "USER_INITIATED",
    "session": {"sdp_type": "offer", "sdp": "v=0"},
}

NEWS: Final[tuple[tuple[str, JSON], ...]] = (
    ("account_update", {"event": "ACCOUNT_RESTRICTION", "restriction_info": [{"expiration": 1}]}),
    ("account_alerts", {"alert_info": {"alert_severity": "CRITICAL", "alert_type": "OBA"}}),
    ("phone_number_quality_update", {"event": "FLAGGED", "current_limit": "TIER_250"}),
    ("message_template_status_update", {"event": "PAUSED", "message_template_name": "pengingat"}),
    ("template_category_update", {"new_category": "MARKETING", "message_template_id": 7}),
    ("security", {"event": "PIN_CHANGED", "requester": "1"}),
    ("smb_message_echoes", {"message_echoes": [message("e", OFFICE_NUMBER, type="text")]}),
    ("history", {"history": [{"threads": [{"messages": [text("h", "lama")]}]}]}),
    ("standby", {"messages": [text("s", "bukan untuk kita")]}),
    ("user_preferences", {"user_preferences": [{"wa_id": APPLICANT, "value": "stop"}]}),
    ("user_id_update", {"user_id_update": [{"wa_id": APPLICANT}]}),
    ("user_holograms", {"depth": 3}),
)


def every_change() -> list[JSON]:
    """One change of each kind, new each time."""
    told = [change(message(f"wamid.{at}", **content)) for at, content in enumerate(CONTENTS)]
    told += [
        change(list_reply("wamid.list", '/choose_date{"service_date":"2026-11-30"}', "Senin")),
        change(image("wamid.photo", "#Budi Contoh#25011987#Jl. Melati 5")),
        change(text("wamid.a", "pagi"), text("wamid.b", "sore", sender="6281200000003")),
        change(statuses=[status("wamid.OURS", "read"), status("wamid.OURS", "failed", 131026)]),
        {"field": "calls", "value": {**change()["value"], "calls": [CALL]}},
    ]
    metadata = {"display_phone_number": OFFICE_NUMBER, "phone_number_id": ACCOUNT}
    return told + [
        {"field": field, "value": {"metadata": metadata, **value}} for field, value in NEWS
    ]
