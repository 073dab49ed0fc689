"""scikit-learn's TF-IDF + logistic regression on the folds that `sakchy eval --emscad FILE --folds-out FOLDS` wrote."""

import json
import pickle
import subprocess
import sys
import time

import numpy
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.pipeline import make_pipeline


def recall_at(scores, labels, alarms):
    order = numpy.argsort(-scores)
    wrong = numpy.cumsum(~labels[order])
    right = numpy.cumsum(labels[order])
    inside = wrong <= (~labels).sum() * alarms
    return (right[inside].max() if inside.any() else 0) / labels.sum()


def peer(name, rows, **options):
    texts = [r["text"] for r in rows]
    labels = numpy.array([r["fraud"] for r in rows])
    folds = numpy.array([r["fold"] for r in rows])
    scores = numpy.zeros(len(rows))
    took, size = 0.0, 0
    for fold in sorted(set(folds)):
        train, held = numpy.flatnonzero(folds != fold), numpy.flatnonzero(folds == fold)
        model = make_pipeline(
            TfidfVectorizer(sublinear_tf=True, min_df=2, **options),
            LogisticRegression(class_weight="balanced", max_iter=2000, C=10.0),
        )
        model.fit([texts[i] for i in train], labels[train])
        start = time.perf_counter()
        scores[held] = model.decision_function([texts[i] for i in held])
        took += time.perf_counter() - start
        size = max(size, len(pickle.dumps(model)))
    return {
        "name": name,
        "average_precision": average_precision_score(labels, scores),
        "recall_at_1_percent": recall_at(scores, labels, 0.01),
        "texts_a_second": len(rows) / took,
        "model_bytes": size,
    }


def main():
    program, data, folds = sys.argv[1:4]
    ours = subprocess.run([program, "eval", "--emscad", data, "--folds-out", folds, "--json"], check=True, capture_output=True, text=True)
    results = [{"name": "sakchy", **json.loads(ours.stdout)}]
    rows = [json.loads(line) for line in open(folds, encoding="utf-8")]
    results.append(peer("word 1-2", rows, ngram_range=(1, 2)))
    results.append(peer("char_wb 3-5", rows, analyzer="char_wb", ngram_range=(3, 5)))
    print(f"{'EMSCAD':<14} {'avg.prec.':>9} {'R@1%':>7} {'texts/s':>10} {'model bytes':>12}")
    for r in results:
        print(f"{r['name']:<14} {r['average_precision']:>9.3f} {r['recall_at_1_percent']:>7.3f} {r['texts_a_second']:>10.0f} {r['model_bytes']:>12}")


main()
