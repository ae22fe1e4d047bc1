from flask import Flask

app = Flask(__name__)


@app.get("/words")
def words():
    from nltk import word_tokenize

    text = "a long text"
    counts = {}
    for word in word_token«»ize(text):
        counts[word] = counts.get(word, 0) + 1
    return counts
