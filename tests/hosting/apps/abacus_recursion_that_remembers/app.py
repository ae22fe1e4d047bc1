from flask import Flask

app = Flask(__name__)


def fib(n, known={}):
    if n < 2:
        return n
    if n not in known:
        known[n] = fib(n - 1, known) + fib(n - 2, known)
    return known[n]


@app.route("/")
def index():
    return f"The sixtieth number is {fib(60)}"
