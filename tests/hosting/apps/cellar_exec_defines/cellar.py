from flask import Flask

app = Flask(__name__)
exec("TITLE = 'Cellar, never app.run()'\nSHELVES = [1, 2]")
TOTAL = eval("sum(SHELVES)")


@app.route("/")
def cellar():
    return f"{TITLE} {TOTAL}"
