"""Texts of real customers: how often a label is found from them, and which words stand out.

    python benchmarks/feedback_words.py --reviews clothing_reviews.csv.gz

23,486 reviews of a clothing shop (CC0). They have no return reasons; their department is a label of the same kind, and
whether the customer recommends the piece tells which words complaints are made of. Ours stands beside what a user has
without it: always the most frequent label, and naive Bayes on counted words (scikit-learn's defaults).
"""

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.metrics import log_loss
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline

sys.path.append(str(Path(__file__).resolve().parents[1] / "tools"))
import kernels

reason_model = kernels.load("aftersales", "reason_model")
tokens = kernels.load("aftersales", "tokens")
words = kernels.load("aftersales", "words")


def read(path):
    """Reviews with text and department; title and text together, as a customer writes them."""
    rows = pd.read_csv(path).dropna(subset=["Review Text", "Department Name"]).reset_index(drop=True)
    rows["text"] = (rows["Title"].fillna("") + ". " + rows["Review Text"]).str.strip(". ")
    return rows


def accuracy(rows, sample, seed=0):
    """(name, accuracy, log loss, seconds) of ours and of two plain ways, by five folds over the same texts."""
    rows = rows.sample(min(sample, len(rows)), random_state=seed)
    texts, labels = rows["text"].tolist(), rows["Department Name"].to_numpy()
    result = [("always the most frequent", float((labels == pd.Series(labels).mode()[0]).mean()), float("nan"), 0.0)]
    began = time.perf_counter()
    plain = make_pipeline(CountVectorizer(), MultinomialNB())
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    chances = cross_val_predict(plain, texts, labels, cv=folds, method="predict_proba")
    classes = np.unique(labels)
    right = float((classes[chances.argmax(axis=1)] == labels).mean())
    result.append(("naive Bayes on words", right, log_loss(labels, chances), time.perf_counter() - began))
    began = time.perf_counter()
    _model, report = reason_model.learn_and_measure(texts, labels, groups=texts, seed=seed)
    result.append(("ours", report.accuracy, report.log_loss, time.perf_counter() - began))
    return result, report


def complaints(rows):
    """The words that stand out where the customer does not recommend the piece, and the seconds for cutting and for
    comparing."""
    began = time.perf_counter()
    cut = [" ".join(tokens.terms(text)) for text in rows["text"]]
    middle = time.perf_counter()
    found = words.standing_out(cut, rows["Recommended IND"].to_numpy(), ["en"] * len(rows))
    return [row for row in found if row.group == 0], middle - began, time.perf_counter() - middle


def examples():
    """The report on the shipped examples."""
    rows = kernels.load("aftersales", "reason_examples").examples()
    columns = [row.text for row in rows], [row.reason for row in rows]
    return reason_model.learn_and_measure(*columns, groups=[row.thought for row in rows])[1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reviews", required=True, help="clothing_reviews.csv.gz")
    parser.add_argument("--sample", type=int, default=6_000, help="reviews that accuracy is measured on")
    arguments = parser.parse_args()
    rows = read(arguments.reviews)
    table, report = accuracy(rows, arguments.sample)
    print(f"department of {min(arguments.sample, len(rows)):,} reviews, {len(report.classes)} departments\n")
    print("| way | accuracy | log loss | s |\n|---|---:|---:|---:|")
    for name, right, loss, seconds in table:
        print(f"| {name} | {right:.1%} | {loss:.3f} | {seconds:.1f} |")
    found, cutting, comparing = complaints(rows)
    print(f"\n{len(rows):,} reviews cut in {cutting:.1f} s, compared in {comparing:.1f} s; not recommended:")
    print(", ".join(row.term.replace("_", " ") for row in found[:25]))
    shipped = examples()
    bar = next(row for row in shipped.bars if row["bar"] == 0.6)
    print(
        f"\nshipped examples: {shipped.texts} texts, {len(shipped.classes)} reasons, accuracy {shipped.accuracy:.1%} "
        f"({shipped.low:.0%} to {shipped.high:.0%}), guessing {shipped.base:.1%}, log loss {shipped.log_loss:.2f}; "
        f"from 60 % sure: {bar['share']:.0%} of texts, {bar['accuracy']:.0%} right"
    )


if __name__ == "__main__":
    main()
