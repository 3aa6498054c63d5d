"""The words and phrases of each intent. Data; :mod:`nlu.words` matches them.

Written in plain Indonesian with Javanese, Sundanese and English where people mix them in. Spelling
variants and short forms (``gak``, ``antrian``, ``syaratnya``) are settled by ``spelling.fold`` and
need no entry here.
"""

from __future__ import annotations

from nlu.spelling import folded

_HARM = sorted(
    folded(
        "hilang ilang kehilangan leungit kelangan kecopetan kecurian dicuri tercecer hanyut lost "
        "stolen missing rusak ruksak basah robek sobek terbakar kebakar tercuci kecuci luntur "
        "kebanjiran kerendam terendam rayap damaged torn wet burnt burned"
    )
)
"""What may have become of a passport, after its name: ``paspor saya hilang``."""

_DAYS = (
    "tanggal",
    "jadwal",
    "hari",
    "booking",
    "antrean",
    "appointment",
    "kunjungan",
    "kedatangan",
)
"""What people move, apart from the passport (``ganti paspor``) and the date of birth."""

_MOVES = tuple(
    f"{verb} {day}"
    for verb in (
        "pindah",
        "geser",
        "undur",
        "ubah",
        "ganti",
        "reschedule",
        "majukan",
        "change",
        "move",
    )
    for day in _DAYS
    if (verb, day) not in {("ganti", "antrean"), ("ganti", "booking"), ("move", "hari")}
)

PHRASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("correct", ("ganti tanggal lahir", "ubah tanggal lahir", "tanggal lahir ganti")),
    ("approve", ("tidak apa apa", "tidak masalah")),
    (
        "reschedule",
        (
            *_MOVES,
            *(f"{day} {verb}" for day in _DAYS for verb in ("pindah", "geser", "undur", "ubah",
                                                               "ganti")),
            "pindah dina", "pindah poe", "pindah dinten", "ganti dina", "ganti poe",
            "ganti dinten", "change date", "change day", "move date", "another day instead",
            "reschedule my", "to reschedule", "bisa reschedule", "mau reschedule",
        ),
    ),
    (
        "ask_location_hours",
        (
            "alamat kantor", "alamat dimana", "alamat mana", "alamat apa", "lokasi",
            "kantor dimana", "kantor mana", "dimana kantor", "kantor buka", "kantor tutup",
            "jam buka", "jam tutup", "jam kerja", "jam operasional", "jam layanan berapa",
            "jam pelayanan", "berapa jam layanan",
            "buka jam", "tutup jam", "bukak jam", "tutup tabuh", "buka tabuh", "jam berapa buka",
            "jam berapa tutup", "hari apa buka", "buka hari apa", "hari berapa buka", "sabtu buka",
            "minggu buka", "buka sabtu", "buka minggu", "buka setiap", "buka sampai",
            "kapan buka", "kantor ndi", "kantor nendi", "kantor palih", "nomor wa kantor",
            "wa kantor", "kontak kantor", "telepon kantor", "office address", "your address",
            "where office", "where your office", "opening hours", "office hours", "open hours",
            "what time open", "when open", "what days open", "are you open", "are open saturday",
        ),
    ),
    (
        "cancel",
        ("batal", "cancel", "tidak jadi", "teu janten", "tidak sios", "tidak sido",
         "never mind", "gajadi", "gakjadi", "ngajadi", "nggajadi"),
    ),
    (
        "erase_data",
        (
            "hapus data", "hapus semua data", "hapuskan data", "menghapus data", "dihapus data",
            "data dihapus", "hapus riwayat", "hapus chat saya", "tarik persetujuan",
            "cabut persetujuan", "delete my data", "delete data", "erase my data", "erase data",
            "withdraw consent",
        ),
    ),
    (
        "ask_privacy",
        (
            "privasi", "privacy", "perlindungan data", "data saya aman", "data saya disimpan",
            "data saya dipakai", "data saya untuk apa", "simpan data saya", "data pribadi",
            "my data", "data protection",
        ),
    ),
    ("register", ("paspor tidak hilang", "paspor tidak rusak", "paspor bukan hilang")),
    (
        "damaged_or_lost",
        (
            *(f"paspor {harm}" for harm in _HARM),
            "paspor kena banjir", "paspor kena air", "paspor kena hujan", "rusak kena",
            "kehilangan paspor", "kelangan paspor", "kecopetan paspor", "lost paspor",
            "lost my paspor", "damaged paspor", "stolen paspor", "torn paspor",
        ),
    ),
    (
        "ask_fees",
        (
            "biaya", "tarif", "harga paspor", "harga berapa", "berapa harga", "bayar berapa",
            "berapa bayar", "berapa rupiah", "bayar tidak", "harus bayar", "perlu bayar",
            "dipungut", "gratis tidak", "apa gratis", "apakah gratis", "gratis atau bayar",
            "regi pinten", "pinten regi", "bayar pira", "mayar sabaraha", "how much", "cost",
            "price", "passport fee", "paspor fee", "fees", "is it free",
        ),
    ),
    (
        "ask_walk_in",
        (
            "antrean langsung", "langsung antrean", "antrean manual", "antrean di kantor",
            "bisa datang langsung", "boleh datang langsung", "bisa langsung datang",
            "boleh langsung datang", "datang langsung bisa", "datang langsung boleh",
            "langsung ke kantor", "tanpa daftar",
            "tanpa booking", "tanpa antrean", "tanpa online", "walk in", "walkin",
            "without booking", "without appointment", "without registering", "come directly",
            "queue directly", "queue at the office",
        ),
    ),
    (
        "ask_from_outside",
        (
            "luar kota", "luar daerah", "luar wilayah", "luar domisili", "luar area", "ktp luar",
            "ktp daerah", "ktp kota lain", "lain kota", "lain daerah", "beda kota", "beda daerah",
            "beda domisili", "beda ktp", "beda wilayah", "kota lain", "daerah lain",
            "sesuai domisili", "harus sesuai ktp", "ktp harus sesuai", "harus domisili",
            "domisili lain", "bukan warga",
            "from outside", "outside area", "outside the city", "out of town", "another city",
            "another town", "other city", "live elsewhere",
        ),
    ),
    (
        "mark_late",
        (
            "saya telat", "saya terlambat", "datang telat", "datang terlambat", "bisa telat",
            "kalau telat", "kalau terlambat", "agak telat", "boleh telat", "telat datang",
            "telat sedikit", "telat berapa", "telat bagaimana", "terlambat bagaimana",
            "terlambat datang", "nanti telat", "bakal telat", "akan terlambat", "takut telat",
            "running late", "be late", "am late", "come late", "kesiangan",
        ),
    ),
    (
        "join_waitlist",
        (
            "daftar tunggu", "antre tunggu", "antrean tunggu", "waiting list", "wait list",
            "waitlist", "waitinglist", "list tunggu", "daftar cadangan", "mau menunggu",
            "saya tunggu saja", "tunggu yang batal", "kalau ada yang batal",
            "bila ada yang batal", "jika ada yang batal", "if someone cancels",
        ),
    ),
    (
        "talk_to_staff",
        (
            "bicara petugas", "bicara admin", "bicara cs", "bicara orang", "bicara manusia",
            "ngomong petugas", "ngomong admin", "ngomong orang", "ngomong cs", "chat petugas",
            "chat admin", "chat cs", "hubungi petugas", "hubungi admin", "hubungi cs",
            "hubungkan petugas", "sambungkan petugas", "sambungkan admin", "tanya petugas",
            "tanya admin", "dengan petugas", "dengan admin", "dengan cs",
            "dengan manusia", "sama petugas", "sama admin", "sama cs", "ke petugas",
            "minta petugas", "mau petugas", "customer service", "talk human", "talk someone",
            "panggil petugas",
        ),
    ),
    (
        "ask_requirements",
        (
            "syarat", "bawa apa", "apa yang dibawa", "apa yang harus dibawa", "perlu dibawa",
            "harus bawa", "dokumen apa", "dokumennya apa", "berkas apa", "berkasnya apa",
            "bring what", "what bring", "what documents", "which documents",
        ),
    ),
    (
        "change_language",
        (
            "bahasa inggris", "bahasa indonesia", "speak english", "in english", "english please",
            "basa inggris", "basa indonesia", "in indonesian",
        ),
    ),
    (
        "ask_status",
        (
            "status", "nomor antrean saya", "nomor antrean berapa", "antrean saya", "cek antrean",
            "cek booking", "booking saya", "kode booking", "sudah daftar", "lihat booking",
            "my booking", "my queue", "nomor saya berapa", "saya nomor berapa",
            "nomor berapa saya", "antrean nomor berapa", "my number",
        ),
    ),
    ("restart", ("mulai lagi", "mulai ulang", "ulang dari awal", "dari awal", "start over")),
    (
        "help",
        (
            "bantuan", "caranya", "cara daftar", "cara pakai", "cara pesan", "cara booking",
            "bagaimana cara", "tidak ngerti", "tidak mengerti", "tidak paham", "belum paham",
            "bingung", "help", "terus ngapain", "terus bagaimana", "habis itu ngapain",
            "habis ini ngapain", "habis ini apa", "selanjutnya apa", "selanjutnya bagaimana",
            "langkah selanjutnya", "langkah berikutnya", "apa selanjutnya",
        ),
    ),
    (
        "ask_dates",
        (
            "tanggal tersedia", "tanggal kosong", "tanggal apa", "tanggal berapa", "ada tanggal",
            "lihat tanggal", "pilih tanggal", "cek tanggal", "daftar tanggal", "jadwal kosong",
            "jadwal tersedia", "lihat jadwal", "cek jadwal", "ada jadwal", "jadwal apa",
            "minta tanggal", "minta jadwal", "hari apa", "slot kosong", "ada slot", "ada kuota",
            "kuota ada", "masih ada kuota", "kuota tersedia", "tersedia tanggal", "bisa kapan",
            "kapan bisa", "kapan kosong", "kapan tersedia", "kosong kapan", "tersedia kapan",
            "ada kapan", "kapan ada", "what dates", "which dates", "dates tersedia",
            "tersedia dates", "tanggal lain", "hari lain",
        ),
    ),
    (
        "register",
        (
            "daftar", "buat paspor", "perpanjang paspor", "perpanjang", "ganti paspor",
            "urus paspor", "ngurus paspor", "mengurus paspor", "paspor baru", "ambil antrean",
            "ambil nomor", "buat antrean", "minta antrean", "mau antrean", "mau paspor",
            "new paspor", "renew paspor", "renew", "booking antrean", "mau booking", "book queue",
            "paspor habis", "paspor abis", "paspor mati", "paspor expired", "paspor kadaluarsa",
            "masa berlaku habis", "berlaku habis", "slot paspor", "paspor renewal",
        ),
    ),
    ("reject", ("tidak bisa datang", "tidak bisa hadir", "berhalangan", "can't come",
                "cannot come")),
    (
        "approve",
        ("masih bisa datang", "pasti datang", "saya akan datang", "insyaallah datang", "will come"),
    ),
    ("thanks", ("terima kasih", "thank you", "matur nuwun")),
)  # fmt: skip
"""Phrases that count anywhere, the earlier entry first. Up to two words may stand in between."""

STRONG = frozenset({
    "cancel", "talk_to_staff", "ask_requirements", "change_language", "ask_status", "restart",
    "damaged_or_lost", "mark_late", "ask_from_outside", "ask_fees", "ask_walk_in", "join_waitlist",
    "ask_privacy", "erase_data",
})  # fmt: skip
"""Intents whose phrase outweighs a date or number in the same message (``besok bawa apa?``)."""

ALONE: dict[str, frozenset[str]] = {
    "talk_to_staff": folded("petugas admin cs orang staf staff operator manusia human"),
    "help": folded("menu bagaimana cara info informasi tanya"),
    "ask_fees": folded("biaya harga tarif bayar gratis paspor berapa fee price"),
    "restart": folded("ulang ulangi mulai restart reset"),
    "change_language": folded("english inggris indonesia indonesian"),
    "register": folded("paspor antrean booking book"),
    "ask_dates": folded("tanggal jadwal kapan slot kuota tersedia dates"),
    "damaged_or_lost": folded(f"{' '.join(_HARM)} paspor kena banjir air hujan"),
    "mark_late": folded("telat terlambat late macet kesiangan"),
    "wait_a_moment": folded(
        "sebentar bentar sbentar sbntr bntr tunggu tungguin ditunggu wait moment hold on a minute "
        "sec sek sik sekedap sekedhap sakedap antosan antos tengga enteni dilit just bentaran yo"
    ),
}
"""Words that count only as the whole message, fillers aside."""

NEVER_MIND = folded(
    "tidak jadi gajadi gakjadi ngajadi nggajadi teu janten sios sido never mind nevermind nvm usah "
    "ah"
)
"""What says, and nothing else, that what was just asked for is not to be done."""

AFFIRM = folded(
    "ya iya iyah y iye yoi yup yap yes yep ok oke okay okey okeh oce siap siyap boleh setuju gas "
    "gaskeun gass benar betul bener sip siip lanjut lanjutkan yakin cocok sesuai inggih nggih "
    "njih muhun sumuhun leres enya sae ayo sepakat deal sure correct agree right gapapa gpp "
    "pasti tentu jadi"
) | {"👍", "👌", "✅", "🆗"}
DENY = folded(
    "tidak no nope nope jangan bukan salah ogah g emoh sanes henteu keliru not wrong moal"
) | {"👎", "❌"}
THANKS = folded(
    "makasih makasi mksh makasihh trims trimakasih thanks thank thx tq ty tengkyu terimakasih "
    "terima kasih matur nuwun suwun matursuwun maturnuwun hatur nuhun hatur-nuhun haturnuhun "
    "sukron syukron hatur you"
) | {"🙏"}
THANKS_CORE = THANKS - folded("terima hatur matur you kasih")
"""Those that thank by themselves; the others need their partner."""
GREET = folded(
    "pagi siang sore malam malem halo hallo hello helo hai hay hi hei hey assalamualaikum "
    "asalamualaikum assalamu'alaikum assalamualaikumm asalamu'alaikum samlekum askum ass aslm "
    "aslkm permisi punten sampurasun kulonuwun kulo nuwun p pp test tes testing ping min admin "
    "met selamat slamat wr wb warahmatullahi wabarakatuh alaikum assalamu salam shalom spada "
    "wilujeng enjing sugeng enjang sonten dalu good morning afternoon evening swastiastu om misi"
) | {"👋"}

VOCATIVES = folded(
    "pak bu bapak ibu kak kakak mas mbak mba min mimin admin minn gan sis bang abang bro om tante "
    "pakde bude teh kang mang sir madam maam dok"
)
FILLERS = folded(
    "ya yah dong donk deh sih kok nih nich saja lah kan yuk tolong mohon mau saya yang untuk dan "
    "dulu banget sekali sudah itu ini tu nya kah mah atuh we please pls tapi terus kalau begitu "
    "semua semuanya data dengan harus mesti seharusnya eh maaf"
)

BIRTH_LABELS = folded("lahir ttl kelahiran born birth birthdate birthday dob babaran")
SERVICE_LABELS = folded(
    "layanan datang kedatangan dilayani antrean booking jadwal dipilih pilih service"
)
"""Words that say what the date after them is for."""

SELF = folded("saya abdi kula kulo kawula im ane kuring urang")
"""Whoever writes, as a name may follow it: ``kula Sutarno``."""

GENDER = folded(
    "laki lk pria perempuan wanita pr cowok cewek male female lanang wadon wedok jaler estri "
    "lalaki awewe istri pameget"
)
"""What forms ask for beside a name: ``Nurul Izzati, perempuan``; it is never part of one."""

WRONG = folded(
    "salah keliru wrong typo mistake ngaco lepat klentu kleru kaliru misspelled misspelt "
    "mispelled incorrect"
)
KINDS = {
    "child": folded("anak balita bayi child children baby kid kids bocah budak"),
    "elderly": folded("lansia sepuh elderly kakek nenek simbah"),
    "renewal": folded("perpanjang ganti renew renewal extend habis expired kadaluarsa kedaluwarsa"),
    "new": folded("baru new pertama anyar"),
}
"""What a passport is for, the more telling first: ``ganti paspor baru`` is a renewal."""

NOT_NAMES = folded(
    "ada adalah akan akta alamat am anak anda antrean apa are atas atau bagaimana bahwa baik "
    "bantuan banyak baru bawa bayi begini berapa besar besok biaya bingung bisa bocah buka bukan "
    "bulan can cara cepat close coba could cukup dalam dapat dari datang date dates dekat depan "
    "di dia dimana disana disini do does dokumen dua error foto ganti geser gratis habis hah harga "
    "hmm "
    "hilang how hp hubungi hujan ijazah is istri jadwal jalan jam jangan jauh juga jumlah kami "
    "kandung kantor kapan karena kartu kata ke keluarga kemarin kenapa kepada kerja ketik kirim "
    "kita kk kode kosong ktp kuota kurang lagi lahir lain lalu lama lambat langsung libur loket "
    "lupa lusa macet mahal maksud mana mantap masih masuk mengapa menit menu mereka murah my naik "
    "nanti need nik nomor nunggu office oh online open orang paling paspor penuh pergi perlu "
    "pernah pertama pilih pindah proses pulang punya quota ramai rame rusak salah sama sampai sana "
    "sebelum secara sedang sekarang selesai seperti sesi siapa sim sini slot status suami syarat "
    "tadi tahu tahun tanggal tanya tempat tentang terakhir terlambat tersedia tetap the tiga time "
    "to tunggu tutup ubah umur urus usia wa wah waktu what when where would"
)
"""Common words that are in no name: a text with one of them is not taken for a name."""
