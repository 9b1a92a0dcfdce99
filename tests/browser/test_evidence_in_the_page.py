"""Evidence in a real browser: films play and seek from the sealed store, uploads go on after a cut, nothing runs."""

from __future__ import annotations

import http.client
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from support.films import SECONDS, film
from support.populated import picture

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Dialog, Page, Request, Route

    from support.browsing import Pages

pytestmark = [pytest.mark.browser, pytest.mark.network]

ITEM = re.compile(r"/evidence/[a-z2-7]{26}/$")
PIECE = 8 * 1024 * 1024
ACTIVE_PDF = b"""%PDF-1.7
1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction 4 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 5 0 R/Resources<</Font<</F1 6 0 R>>>>>>endobj
4 0 obj<</S/JavaScript/JS(app.alert\\('it ran'\\);)>>endobj
5 0 obj<</Length 56>>stream
0 0 300 100 re f BT /F1 36 Tf 20 120 Td (A RECORD) Tj ET
endstream endobj
6 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""
HOSTILE = {
    "photo.jpg": b"<!doctype html><html><script>alert('it ran')</script></html>",
    "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(\'it ran\')"><script>alert(1)</script></svg>',
    "page.pdf": b"<html><script>alert('it ran')</script>%PDF-1.7</html>",
}


@pytest.fixture(scope="module")
def movie(pages: Pages, tmp_path_factory: pytest.TempPathFactory) -> Path:
    page = pages.page("eva")
    page.goto("/evidence/")
    path = tmp_path_factory.mktemp("film") / "market.webm"
    path.write_bytes(film(page))
    page.close()
    assert path.stat().st_size > PIECE + 1024 * 1024, "it takes more than one piece"
    return path


@pytest.fixture
def eva(pages: Pages) -> Iterator[Page]:
    page = pages.page("eva")
    yield page
    page.close()


def fill(page: Page, pages: Pages, file: Path, title: str) -> None:
    page.goto(f"/evidence/measure/{pages.made['asked']['assignment']}/add/")
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_label("What it is").fill(title)
    for box, value in (("Day", "23"), ("Month", "11"), ("Year", "2026")):
        page.get_by_label(box).fill(value)
    page.get_by_label("Collected by").fill("Eva Evers (fictional)")
    page.get_by_label("Place").fill("Rotterdam")


def take_in(page: Page, pages: Pages, file: Path, title: str) -> str:
    fill(page, pages, file, title)
    page.get_by_role("button", name="Take it in").click()
    page.wait_for_url(ITEM)
    return page.url


def offsets(requests: list[Request]) -> list[int]:
    return [int(each.headers["upload-offset"]) for each in requests if each.method == "PATCH"]


def test_a_film_plays_and_seeks_in_the_page_from_the_sealed_store(pages: Pages, eva: Page, movie: Path) -> None:
    take_in(eva, pages, movie, "Market, filmed (fictional)")
    ranges: list[str] = []
    eva.on("request", lambda each: ranges.append(each.headers.get("range", "")) if "/content/" in each.url else None)
    eva.get_by_label("Why you open it").fill("To see the square")
    eva.get_by_role("button", name="Look at it").click()
    video = eva.locator("video")
    video.wait_for()

    played = video.evaluate(
        """async (film) => {
          film.muted = true;
          await film.play();
          await new Promise((done) => film.addEventListener("timeupdate", () => film.currentTime > 0.3 && done()));
          film.pause();
          return [film.currentTime, film.duration, film.videoWidth];
        }"""
    )
    shades = video.evaluate(
        """async (film) => {
          const seen = [];
          const canvas = document.createElement("canvas");
          canvas.width = film.videoWidth; canvas.height = film.videoHeight;
          for (const at of [20.5, 3.5, 14.5]) {
            const there = new Promise((done) => film.addEventListener("seeked", done, {once: true}));
            film.currentTime = at;
            await there;
            canvas.getContext("2d").drawImage(film, 0, 0);
            seen.push(canvas.getContext("2d").getImageData(160, 40, 1, 1).data[0]);
          }
          return seen;
        }"""
    )

    assert played[0] > 0.3
    assert played[1:] == [SECONDS, 320]
    for shade, second in zip(shades, (20, 3, 14), strict=True):
        # The browser may widen the range in which films write their shades; seconds stay ten shades apart.
        expected = (10 * second, (10 * second - 16) * 255 / 219)
        assert min(abs(shade - each) for each in expected) < 5, f"second {second} is shown"
    starts = {int(found[1]) for each in ranges if (found := re.match(r"bytes=(\d+)-", each))}
    assert max(starts) > PIECE, "the far end was fetched by its range"


def test_an_upload_that_is_cut_goes_on_from_there_when_the_officer_comes_back(
    pages: Pages, eva: Page, movie: Path
) -> None:
    sent: list[Request] = []
    eva.on("request", lambda each: sent.append(each) if "/uploads/" in each.url else None)

    def cut(route: Route) -> None:
        if route.request.method == "PATCH" and route.request.headers["upload-offset"] != "0":
            route.abort("connectionreset")
        else:
            route.continue_()

    eva.route("**/evidence/uploads/*/", cut)
    fill(eva, pages, movie, "Market, second time (fictional)")
    with eva.expect_event("requestfailed", lambda each: each.method == "PATCH"):
        eva.get_by_role("button", name="Take it in").click()
    assert eva.locator("[data-upload-progress] progress").evaluate("(bar) => bar.value") > 0
    assert PIECE in offsets(sent)
    eva.goto("/")
    eva.unroute("**/evidence/uploads/*/")
    sent.clear()

    eva.goto(f"/evidence/measure/{pages.made['asked']['assignment']}/add/")
    assert movie.name in eva.locator(".govuk-inset-text").inner_text()
    take_in(eva, pages, movie, "Market, second time (fictional)")

    assert offsets(sent)[0] == PIECE, "what had arrived was not sent again"
    assert "POST" not in {each.method for each in sent}
    eva.get_by_role("button", name="Look at it").click()
    assert eva.locator("video").evaluate(
        "(film) => new Promise((done) => { film.onloadedmetadata = () => done(film.duration); film.load(); })"
    ) == pytest.approx(SECONDS)


def test_a_connection_that_is_cut_within_a_piece_keeps_what_came(pages: Pages, eva: Page) -> None:
    eva.goto("/account/")
    cookies = "; ".join(f"{each['name']}={each['value']}" for each in eva.context.cookies())
    eva.goto(f"/evidence/measure/{pages.made['asked']['assignment']}/add/")
    token = eva.locator("form[data-upload-to] input[name=csrfmiddlewaretoken]").input_value()
    headers = {"Cookie": cookies, "X-CSRFToken": token, "Tus-Resumable": "1.0.0"}
    place = urlsplit(pages.address)
    line = http.client.HTTPConnection(place.hostname or "", place.port, timeout=20)
    target = f"measure:{pages.made['asked']['assignment']}"
    said = ",".join(f"{key} {_base64(value)}" for key, value in (("target", target), ("filename", "a.bin")))
    line.request("POST", "/evidence/uploads/", headers={**headers, "Upload-Length": "1000000", "Upload-Metadata": said})
    begun = line.getresponse()
    begun.read()
    address = begun.headers["Location"]
    line.putrequest("PATCH", address)
    more = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream", "Content-Length": "1000000"}
    for name, value in {**headers, **more}.items():
        line.putheader(name, value)
    line.endheaders()
    line.send(bytes(500_000))
    line.close()

    # What was sent may still be on its way in when the first answer comes.
    for _ in range(300):
        line.request("HEAD", address, headers=headers)
        state = line.getresponse()
        state.read()
        if int(state.headers["Upload-Offset"]) == 500_000 // 65536 * 65536:
            break
        eva.wait_for_timeout(100)
    assert int(state.headers["Upload-Offset"]) == 500_000 // 65536 * 65536
    line.request("DELETE", address, headers=headers)
    ended = line.getresponse()
    ended.read()
    line.close()
    assert ended.status == 204


def test_a_file_is_taken_in_without_a_script(pages: Pages, tmp_path: Path) -> None:
    file = tmp_path / "room.png"
    file.write_bytes(picture())
    page = pages.page("eva", script=False)
    take_in(page, pages, file, "The room, without a script (fictional)")
    assert "Here, whole" in page.content()
    page.get_by_role("button", name="Look at it").click()
    assert page.locator("img.dedere-viewer").get_attribute("src")
    page.close()


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_not_what_it_is_called_never_runs(pages: Pages, eva: Page, tmp_path: Path, name: str) -> None:
    ran: list[str] = []
    eva.on("dialog", lambda dialog: _heard(ran, dialog))
    file = tmp_path / name
    file.write_bytes(HOSTILE[name])
    take_in(eva, pages, file, f"Hostile {name} (fictional)")
    eva.get_by_role("button", name="Look at it").click()
    eva.get_by_text("is not shown in a page").wait_for()
    eva.get_by_role("link", name="Hand out a copy").click()
    eva.get_by_label("Work in this office").check()
    eva.get_by_label("To whom").fill("The laboratory (fictional)")
    eva.get_by_label("Purpose").fill("this case")
    eva.get_by_role("button", name="Hand it out").click()
    link = eva.get_by_role("link", name="Save the copy")
    with eva.expect_download() as download:
        link.click()
    assert download.value.path().read_bytes() == HOSTILE[name]
    with eva.expect_download():
        eva.evaluate("(address) => { location.href = address; }", link.get_attribute("href"))
    eva.wait_for_timeout(300)
    assert ran == []


def test_a_document_is_drawn_and_its_script_does_not_run(pages: Pages, eva: Page, tmp_path: Path) -> None:
    ran: list[str] = []
    eva.on("dialog", lambda dialog: _heard(ran, dialog))
    file = tmp_path / "record.pdf"
    file.write_bytes(ACTIVE_PDF)
    take_in(eva, pages, file, "A record that would run (fictional)")
    eva.get_by_role("button", name="Look at it").click()
    eva.get_by_text("1 / 1").wait_for()

    canvas = eva.locator("canvas[data-page]")
    below, above = canvas.evaluate(
        """(page) => [0.9, 0.05].map((share) => page.getContext("2d").getImageData(
             Math.floor(page.width * 0.9), Math.floor(page.height * share), 1, 1).data[0])"""
    )
    assert (below, above) == (0, 255)
    assert "A RECORD" in (eva.locator("[data-text]").text_content() or "")
    eva.wait_for_timeout(1000)
    assert ran == []


def _heard(ran: list[str], dialog: Dialog) -> None:
    ran.append(dialog.message)
    dialog.dismiss()


def _base64(text: str) -> str:
    import base64

    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_folder_is_taken_in_with_and_without_a_script(
    pages: Pages, eva: Page, tmp_path: Path, *, scripts: bool
) -> None:
    phone = tmp_path / f"phone {scripts}"
    (phone / "images").mkdir(parents=True)
    (phone / "images" / f"one {scripts}.png").write_bytes(picture())
    (phone / f"notes {scripts}.txt").write_bytes(b"It burned (fictional).")
    page = eva if scripts else pages.page("eva", script=False)
    page.goto(f"/evidence/measure/{pages.made['asked']['assignment']}/add-several/")
    page.get_by_label("Or a whole folder").set_input_files(phone)
    for box, value in (("Day", "23"), ("Month", "11"), ("Year", "2026")):
        page.get_by_label(box).fill(value)
    page.get_by_label("Collected by").fill("Eva Evers (fictional)")
    page.get_by_label("Place").fill("Rotterdam")
    page.get_by_role("button", name="Take them in").click()
    page.get_by_text("2 items are in the vault").wait_for()
    page.goto(f"/evidence/?text=one+{scripts}")
    within = f"phone {scripts}/images/" if scripts else ""
    assert f"{within}one {scripts}.png" in page.locator("main").inner_text()
    if not scripts:
        page.close()
