"""Pictures beside the replies: what can be shown, and what is said of the rest."""

from pathlib import Path

import pytest

from bot.dialogue.flowset import FlowSet, load_flows
from bot.dialogue.pictures import Gallery
from bot.dialogue.versions import lay_out
from bot.errors import Finding, FlowError
from bot.picture import LARGEST_BYTES
from tests.support.talk import write_flows

SHOP = "{flow: shop, initial: a, misunderstood: {say: hello}, states: {a: {end: true, say: hello}}}"
PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A shop that says hello, with two pictures and what else lies about."""
    write_flows(tmp_path, shop=SHOP, languages=["id"])
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    (tmp_path / "secret.png").write_bytes(PNG + b"secret")
    for name, content in {
        "front_desk.png": PNG + b"desk",
        "a_jpeg.png": JPEG,
        "page.png": b"<html>",
        "empty.png": b"",
        "huge.png": PNG.ljust(LARGEST_BYTES + 1, b"x"),
        "largest.jpg": JPEG.ljust(LARGEST_BYTES, b"x"),
        ".hidden.png": PNG,
        "notes.txt": b"where they came from",
    }.items():
        (pictures / name).write_bytes(content)
    (pictures / "folder.png").mkdir()
    (pictures / "out.png").symlink_to(tmp_path / "secret.png")
    (pictures / "in.png").symlink_to("front_desk.png")
    return tmp_path


def load(folder: Path, hello: str) -> FlowSet:
    """The shop with this reply; not looked at for what nobody wants."""
    (folder / "replies" / "id.yml").write_text(f"apology: a\nhello:\n  text: t\n{hello}\n")
    return load_flows(folder, ["id"], {}, shape=False)


def told(folder: Path, hello: str) -> list[str]:
    """What is said of this reply, places without the folder."""
    with pytest.raises(FlowError) as refused:
        load(folder, hello)
    return [str(each).removeprefix(f"{folder}/") for each in refused.value.findings]


@pytest.mark.parametrize("name", ["front_desk.png", "a_jpeg.png", "largest.jpg", "in.png"])
def test_shown(folder: Path, name: str) -> None:
    """A PNG or JPEG of 5 MB at most is shown, whatever its name ends with."""
    flows = load(folder, f"  picture: {name}")
    picture = flows.replies["id"].render("hello", {}).picture
    assert picture
    assert picture.name == name
    content = (folder / "pictures" / name).read_bytes()
    assert flows.gallery.contents[picture.sha256] == content


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("front_desc.png", "no picture 'front_desc.png' in pictures/; did you mean 'front_desk"),
        ("folder.png", "no picture 'folder.png' in pictures/"),
        ("page.png", "'page.png' is no PNG or JPEG, by what is in it"),
        ("empty.png", "'empty.png' is no PNG or JPEG"),
        ("notes.txt", "'notes.txt' is no PNG or JPEG"),
        ("huge.png", "'huge.png' is 1 bytes over the 5 MB that WhatsApp takes; make it smaller"),
        ("out.png", "'out.png' leads out of pictures/"),
        ("../secret.png", "'../secret.png': write the name of a file in pictures/ alone"),
        ("pictures/front_desk.png", "'pictures/front_desk.png': write the name of a file"),
        ("/etc/passwd", "'/etc/passwd': write the name of a file in pictures/ alone"),
        (".hidden.png", "'.hidden.png': write the name of a file in pictures/ alone"),
        ("'..\\front_desk.png'", "'..\\\\front_desk.png': write the name of a file"),
        ("'{{ name }}.png'", "no picture '{{ name }}.png' in pictures/"),
    ],
)
def test_not_shown(folder: Path, name: str, message: str) -> None:
    """What cannot be shown is a mistake at its line that says why."""
    (found,) = told(folder, f"  picture: {name}")
    assert found.startswith(f"replies/id.yml:4:3: {message}")


def test_no_folder(tmp_path: Path) -> None:
    """Who has no pictures yet is told where they go."""
    write_flows(tmp_path, shop=SHOP, languages=["id"])
    (found,) = told(tmp_path, "  picture: a.png")
    assert found.endswith("no picture 'a.png'; put the file into pictures/, beside replies/")


def test_one_picture_a_message(folder: Path) -> None:
    """A barcode is a picture too."""
    (found,) = told(folder, "  barcode: A1\n  picture: front_desk.png")
    assert found.startswith("replies/id.yml:5:3: a message shows one picture; keep either")
    (found,) = told(folder, "  template: {name: hello}\n  picture: front_desk.png")
    assert "a template has no menu, picture, document" in found


def test_not_to_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that this user may not read is a mistake, not a crash."""
    read = Path.read_bytes

    def refuse(path: Path) -> bytes:
        if path.parent.name == "pictures":
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    (found,) = told(folder, "  picture: front_desk.png")
    assert "'front_desk.png' cannot be read: Permission denied" in found


def test_another_mistake_beside(folder: Path) -> None:
    """A missing picture hides no other mistake, and leads to none."""
    (folder / "replies" / "id.yml").write_text(
        "apology: a\nhello: {text: t, picture: x.png}\nbye: '{{ nobody }}'\n"
    )
    with pytest.raises(FlowError) as refused:
        load_flows(folder, ["id"], {}, shape=False)
    assert [each.place.line for each in refused.value.findings] == [2, 3]


def test_unshown(tmp_path: Path) -> None:
    """A picture that no reply shows is a warning, for every publication would carry it."""
    write_flows(tmp_path, shop=SHOP, languages=["id"])
    (tmp_path / "pictures").mkdir()
    (tmp_path / "replies" / "id.yml").write_text("apology: a\nhello: {text: t, picture: a.png}\n")
    for name in ("a.png", "b.png"):
        (tmp_path / "pictures" / name).write_bytes(PNG)
    flows = load_flows(tmp_path, ["id"], {})
    assert [str(each) for each in flows.warnings] == [
        f"{tmp_path}/pictures/b.png: warning: no reply shows this picture; delete it"
    ]
    assert isinstance(flows.warnings[0], Finding)


def test_version(folder: Path) -> None:
    """A picture belongs to the version: its content and its name, and nothing else of it."""
    hello = "  picture: front_desk.png"
    before = load(folder, hello).version
    path = folder / "pictures" / "front_desk.png"
    path.touch()
    assert load(folder, hello).version == before
    path.write_bytes(PNG + b"new desk")
    assert load(folder, hello).version != before


def test_published(folder: Path) -> None:
    """A publication names pictures by their hash, and shows the same ones."""
    gallery = Gallery.of_folder(folder)
    files = gallery.as_files()
    assert files["pictures/a_jpeg.png"].endswith(" image/jpeg 3 bytes\n")
    published = Gallery.of_files({"shop.yml": SHOP, "replies/id.yml": "a: b", **files})
    assert published.pictures == gallery.pictures
    assert published.contents == {}


class TestDocuments:
    @pytest.fixture
    def forms(self, folder: Path) -> Path:
        """The shop with documents, too."""
        (folder / "documents").mkdir()
        for name, content in {
            "form.pdf": b"%PDF-1.7 form",
            "page.pdf": b"<html>",
            "sign.pdf": PNG,
            "huge.pdf": b"%PDF-".ljust(LARGEST_BYTES + 1, b"x"),
        }.items():
            (folder / "documents" / name).write_bytes(content)
        return folder

    def test_brought(self, forms: Path) -> None:
        """A PDF is brought, and belongs to the version."""
        flows = load(forms, "  document: form.pdf")
        form = flows.replies["id"].render("hello", {}).document
        assert form
        assert (form.name, flows.gallery.contents[form.sha256]) == ("form.pdf", b"%PDF-1.7 form")
        (forms / "documents" / "form.pdf").write_bytes(b"%PDF-1.7 new form")
        assert load(forms, "  document: form.pdf").version != flows.version

    @pytest.mark.parametrize(
        ("name", "message"),
        [
            ("from.pdf", "no document 'from.pdf' in documents/; did you mean 'form.pdf'"),
            ("page.pdf", "'page.pdf' is no PDF, by what is in it"),
            ("sign.pdf", "'sign.pdf' is no PDF, by what is in it"),
            ("huge.pdf", "'huge.pdf' is 1 bytes over the 5 MB that are sent; make it smaller"),
            ("../secret.png", "'../secret.png': write the name of a file in documents/ alone"),
            ("front_desk.png", "no document 'front_desk.png' in documents/"),
        ],
    )
    def test_not_brought(self, forms: Path, name: str, message: str) -> None:
        """What cannot be brought is a mistake at its line that says why."""
        (found,) = told(forms, f"  document: {name}")
        assert found.startswith(f"replies/id.yml:4:3: {message}")

    def test_published(self, forms: Path) -> None:
        """A publication names documents by their hash as well."""
        gallery = Gallery.of_folder(forms)
        files = gallery.as_files()
        assert files["documents/form.pdf"].endswith(" application/pdf 13 bytes\n")
        assert Gallery.of_files(files).documents == gallery.documents
        lay_out({"shop.yml": SHOP, **files}, forms / "pictures" / "folder.png")
        laid = [path.name for path in (forms / "pictures" / "folder.png").iterdir()]
        assert laid == ["shop.yml"]

    def test_unused(self, tmp_path: Path) -> None:
        """One that no reply brings is a warning."""
        write_flows(tmp_path, shop=SHOP, languages=["id"])
        (tmp_path / "documents").mkdir()
        (tmp_path / "documents" / "a.pdf").write_bytes(b"%PDF-")
        (tmp_path / "replies" / "id.yml").write_text("apology: a\nhello: t\n")
        (found,) = load_flows(tmp_path, ["id"], {}).warnings
        assert str(found).endswith(
            "documents/a.pdf: warning: no reply brings this document; delete it"
        )
