from flask import Flask

app = Flask(__name__)
SIZES = {"small": 36, "large": 44}
if SIZES.has_key("small"):
    SIZES["tiny"] = 32


@app.route("/")
def tailor():
    return "Tailor"
