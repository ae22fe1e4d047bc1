from flask import Flask

app = Flask(__name__)

from models import load_all, KINDS


@app.get("/all")
def everything():
    «rows = load_all(KINDS)»
    return {"rows": rows}
