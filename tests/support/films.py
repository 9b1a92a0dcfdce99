"""A film for tests: frames encoded by the browser itself (WebCodecs, VP8), put into a WebM file that can be sought in."""

from __future__ import annotations

import base64
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Page

WIDTH, HEIGHT, SECONDS, RATE = 320, 240, 24, 10

# Each second has its own shade of grey in the upper half; the lower half is noise, so that the file is large.
_ENCODE = """async ({width, height, seconds, rate}) => {
  const made = [];
  const encoder = new VideoEncoder({
    output: (chunk) => {
      const data = new Uint8Array(chunk.byteLength);
      chunk.copyTo(data);
      let text = "";
      for (let at = 0; at < data.length; at += 8192) text += String.fromCharCode(...data.subarray(at, at + 8192));
      made.push([Math.round(chunk.timestamp / 1000), chunk.type === "key", btoa(text)]);
    },
    error: (error) => { throw error; },
  });
  encoder.configure({codec: "vp8", width, height, bitrate: 30_000_000, framerate: rate});
  const canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext("2d");
  for (let frame = 0; frame < seconds * rate; frame++) {
    const shade = 10 * Math.floor(frame / rate);
    pen.fillStyle = `rgb(${shade},${shade},${shade})`;
    pen.fillRect(0, 0, width, height / 2);
    const noise = pen.createImageData(width, height / 2);
    for (let at = 0; at < noise.data.length; at += 65536) {
      crypto.getRandomValues(noise.data.subarray(at, Math.min(at + 65536, noise.data.length)));
    }
    for (let at = 3; at < noise.data.length; at += 4) noise.data[at] = 255;
    pen.putImageData(noise, 0, height / 2);
    const image = new VideoFrame(canvas, {timestamp: frame * 1e6 / rate});
    encoder.encode(image, {keyFrame: frame % rate === 0});
    image.close();
    if (encoder.encodeQueueSize > 4) await new Promise((done) => setTimeout(done, 5));
  }
  await encoder.flush();
  return made;
}"""


@dataclass(frozen=True)
class Frame:
    """One encoded frame. `at` in milliseconds."""

    at: int
    key: bool
    data: bytes


def film(page: Page) -> bytes:
    """A film of SECONDS seconds, encoded in the page's browser."""
    size = {"width": WIDTH, "height": HEIGHT, "seconds": SECONDS, "rate": RATE}
    frames = [Frame(at, key, base64.b64decode(data)) for at, key, data in page.evaluate(_ENCODE, size)]
    return webm(frames)


def webm(frames: Sequence[Frame]) -> bytes:
    """A WebM file with an index before its clusters, one cluster a key frame."""
    groups: list[list[Frame]] = []
    for frame in frames:
        if frame.key:
            groups.append([])
        groups[-1].append(frame)
    clusters = [_cluster(group) for group in groups]
    start = len(_about()) + len(_cues(groups, [0] * len(groups)))
    places = [start + sum(map(len, clusters[:number])) for number in range(len(clusters))]
    kinds = (("4286", 1), ("42f7", 1), ("42f2", 4), ("42f3", 8), ("4287", 2), ("4285", 2))
    head = _element("1a45dfa3", b"".join(_number(name, value) for name, value in kinds) + _element("4282", b"webm"))
    return head + _element("18538067", _about() + _cues(groups, places) + b"".join(clusters))


def _about() -> bytes:
    info = _number("2ad7b1", 1_000_000) + _element("4489", struct.pack(">d", SECONDS * 1000.0))
    size = _element("e0", _number("b0", WIDTH) + _number("ba", HEIGHT))
    track = _number("d7", 1) + _number("73c5", 1) + _number("83", 1) + _element("86", b"V_VP8") + size
    return _element("1549a966", info) + _element("1654ae6b", _element("ae", track))


def _cues(groups: Sequence[Sequence[Frame]], places: Sequence[int]) -> bytes:
    points = [
        _element("bb", _number("b3", group[0].at) + _element("b7", _number("f7", 1) + _number("f1", place)))
        for group, place in zip(groups, places, strict=True)
    ]
    return _element("1c53bb6b", b"".join(points))


def _cluster(group: Sequence[Frame]) -> bytes:
    begins = group[0].at
    blocks = [
        _element("a3", b"\x81" + struct.pack(">hB", frame.at - begins, 0x80 if frame.key else 0) + frame.data)
        for frame in group
    ]
    return _element("1f43b675", _number("e7", begins) + b"".join(blocks))


def _number(name: str, value: int) -> bytes:
    return _element(name, value.to_bytes(8, "big"))


def _element(name: str, content: bytes) -> bytes:
    return bytes.fromhex(name) + (1 << 56 | len(content)).to_bytes(8, "big") + content
