from flask import Flask

app = Flask(__name__)


@app.route("/")
def index():
    t = "Hello"
    parts = [t.casefold(), t.removeprefix("H"), t.isascii(), t.maketrans("a", "b"), t.zfill(9), t.expandtabs(), t.__len__(), t.format_map({})]
    return str(parts) + str([1].copy()) + str({}.setdefault("a", 1)) + str((1).bit_length()) + b"a".hex()
