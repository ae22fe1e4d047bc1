from bottle import Bottle

app = Bottle()


@app.get("/slow")
def slow():
    «x = work()»
    return x
