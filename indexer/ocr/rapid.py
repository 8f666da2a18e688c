"""RapidOCR: PP-OCRv6 through onnxruntime, with the models of its own wheel and nothing fetched.

Detection and recognition are driven one after the other instead of through `RapidOCR.__call__`:
so the detector gets a small copy while lines are cut from the full picture, every line is
recognised alone (a batch is padded to its longest line: on made pages that takes 3.8 s a page
instead of 2.3), and the places of the characters come out as they are.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from indexer.ocr.engines import Line
from indexer.ocr.prepare import Pixels

if TYPE_CHECKING:
    from rapidocr import RapidOCR

log = logging.getLogger("yanxiu.ocr")

#: The longer side of what the detector sees. Measured on made pages of 7.5 to 14 points and A3:
#: 960, 1088, 1280, 1600 and 2016 find the same lines, in 0.5, 0.7, 1.1, 2.1 and 3.5 s; the process
#: then takes 530, 590, 680, 800 and 1,000 MB at most.
_DETECTED = 1088
#: Lines of which the model is less sure than this are noise: edges of things, other scripts.
_SURE = 0.5
_MODELS = {
    "Det": "PP-OCRv6_det_small.onnx",
    "Rec": "PP-OCRv6_rec_small.onnx",
    "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
}


class Rapid:
    """An engine; not thread-safe."""

    name = "rapidocr"

    def __init__(self, rapid: RapidOCR) -> None:
        self._detector: Any = rapid._load_det_model()
        self._recogniser: Any = rapid._load_rec_model()

    def lines(self, image: Pixels) -> list[Line]:
        seen = np.ascontiguousarray(image[..., ::-1])  # the models are trained on BGR
        boxes = self._detector(seen).boxes
        if boxes is None:
            return []
        found = []
        for box in boxes:
            piece = _cut(seen, np.asarray(box, np.float32))
            if piece is not None:
                text, sure, words = self._read(piece)
                if text.strip() and sure >= _SURE:
                    found.append(_line(text, box, sure, words))
        return found

    def word(self, image: Pixels) -> tuple[str, float]:
        text, sure, _ = self._read(np.ascontiguousarray(image[..., ::-1]))
        return (text.strip(), sure) if sure >= _SURE else ("", sure)

    def _read(self, piece: Pixels) -> tuple[str, float, Any]:
        from rapidocr.ch_ppocr_rec import TextRecInput

        read = self._recogniser(TextRecInput(img=[piece], return_word_box=True))
        return read.txts[0], float(read.scores[0]), read.word_results[0]


def load() -> Rapid | None:
    """The engine, or None where its wheel, its models or onnxruntime's library are missing."""
    try:
        import rapidocr
    except (ImportError, OSError) as error:
        log.warning("rapidocr cannot be used: %s", error)
        return None
    folder = Path(rapidocr.__file__).parent / "models"
    missing = [name for name in _MODELS.values() if not (folder / name).is_file()]
    if missing:
        log.warning("rapidocr's models are missing: %s", ", ".join(missing))
        return None
    return Rapid(rapidocr.RapidOCR(params=_settings(folder)))


def _settings(folder: Path) -> dict[str, Any]:
    """A model named by its path is never downloaded, nor looked up anywhere."""
    return {
        **{f"{part}.model_path": str(folder / name) for part, name in _MODELS.items()},
        "Global.log_level": "error",
        "Det.limit_type": "max",
        "Det.limit_side_len": _DETECTED,
        # Whoever waits for a search comes first: one core.
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }


def _cut(image: Pixels, box: NDArray[np.float32]) -> Pixels | None:
    """The line inside the box, set level; None where the box is too thin for a line."""
    upper, right, lower, left = (
        float(np.linalg.norm(box[at] - box[(at + 1) % 4])) for at in range(4)
    )
    width, height = round(max(upper, lower)), round(max(left, right))
    if min(width, height) < 4:
        return None
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    piece = cv2.warpPerspective(
        image, cv2.getPerspectiveTransform(box, target), (width, height),
        flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE,
    )  # fmt: skip
    if height >= 1.5 * width:
        piece = np.rot90(piece)
    return np.ascontiguousarray(piece)


def _line(text: str, box: NDArray[np.float32], sure: float, words: Any) -> Line:
    corners = [(float(x), float(y)) for x, y in box]
    places = [column for word in words.word_cols for column in word]
    return Line(
        text,
        (corners[0], corners[1], corners[2], corners[3]),
        sure,
        _places(text, [(column + 0.5) / words.line_txt_len for column in places]),
    )


def _places(text: str, found: list[float]) -> tuple[float, ...]:
    """Where each character is along the line; the model tells no place for spaces."""
    if len(text) - sum(sign.isspace() for sign in text) != len(found):
        return ()
    places: list[float] = []
    rest = iter(found)
    for sign in text:
        last = places[-1] if places else 0.0
        places.append(last if sign.isspace() else min(1.0, next(rest)))
    return tuple(places)
