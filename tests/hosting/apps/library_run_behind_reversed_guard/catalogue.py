from flask import Flask

app = Flask(__name__)


@app.get("/")
def index():
    return "Catalogue"


def main():
    if not __name__ == "__main__":
        return
    app.run(port=5001)


if "__main__" == __name__:
    app.run(debug=True)
main()
