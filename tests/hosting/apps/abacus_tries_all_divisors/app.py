from flask import Flask

app = Flask(__name__)


def is_prime(n):
    for d in range(2, n):
        if n % d == 0:
            return False
    return True


@app.route("/")
def index():
    return str(is_prime(67_280_421_310_721))
