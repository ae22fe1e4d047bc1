from flask import Flask

app = Flask(__name__)


def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


@app.route("/")
def index():
    return f"The sixtieth number is {fib(60)}"
