import multiprocessing

from flask import Flask

app = Flask(__name__)
multiprocessing.set_start_method("fork", force=True)
multiprocessing.set_start_method("spawn")


@app.route("/")
def index():
    return "Pantry"
