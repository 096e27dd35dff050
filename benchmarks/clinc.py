"""The same machinery on a public set of intents, beside published figures.

    python -m benchmarks.clinc FOLDER

FOLDER holds data_full.json of CLINC150 (Larson et al., 2019): 150 intents, and questions out of scope. The threshold is
chosen on the validation set, so that at least 60 of 100 out-of-scope questions are declined there.
"""

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.classifier import Classifier
from knowledge.programme import Topic
from knowledge.scripts import simplify
from knowledge.text import fold
from knowledge.wording import Wording

RECALL = 0.65  # on the validation set, whose questions are easier to tell: for 0.6 elsewhere
OUTSIDE = "oos"


def topics_of(rows: Sequence[Sequence[str]]) -> tuple[Topic, ...]:
    """The intents as topics."""
    return tuple(
        Topic(intent, Wording(intent, intent), tuple(text for text, other in rows if other == intent))
        for intent in sorted({intent for _, intent in rows})
    )


def guesses(model: Classifier, rows: Sequence[Sequence[str]]) -> tuple[list[str], NDArray[np.float64]]:
    """The likeliest intent of each question and how far it lies on its side."""
    names, sure = [], []
    for text, _ in rows:
        margins = model.margins(simplify(fold(text)))
        names.append(model.topics[int(margins.argmax())].id)
        sure.append(
            max(float(value) for topic, value in zip(model.topics, margins, strict=True) if topic.id != OUTSIDE)
        )
    return names, np.array(sure)


def main() -> None:
    """Prints in-scope accuracy and out-of-scope recall."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    data = json.loads((parser.parse_args().folder / "data_full.json").read_text(encoding="utf-8"))
    start = time.perf_counter()
    model = Classifier(topics_of([*data["train"], *data["oos_train"]]))
    print(f"trained on {len(data['train'])} questions in {time.perf_counter() - start:.0f} s")
    bound = float(np.quantile(guesses(model, data["oos_val"])[1], RECALL))
    names, sure = guesses(model, data["test"])
    found = np.array([name == row[1] for name, row in zip(names, data["test"], strict=True)])
    kept = found & (sure > bound)
    outside, doubtful = guesses(model, data["oos_test"])
    declined = np.array([name == OUTSIDE for name in outside]) | (doubtful <= bound)
    print(f"in scope      {100 * float(np.mean(found)):.1f}% without declining, {100 * float(kept.mean()):.1f}% with")
    print(f"out of scope  {100 * float(declined.mean()):.1f}% declined")


if __name__ == "__main__":
    main()
