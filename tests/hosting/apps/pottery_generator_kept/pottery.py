from flask import Flask

app = Flask(__name__)


@app.route("/")
def kiln():
    return "Kiln"


def serve(port=5171):
    app.run(port=port)


steps = (step() for step in (serve,))
ports = map(serve, [5171, 5172])
SIZES = ["small", "large"]
if any((found := size).startswith("l") for size in SIZES):
    print("largest is", found)
