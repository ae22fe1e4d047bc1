from flask import Flask

app = Flask(__name__)


@app.route("/")
def quarry():
    return f"Quarry {KIND}"


match {"kind": "wsgi", "port": 5176}:
    case {"kind": "development", "port": port}:
        app.run(port=port)
    case {"kind": str(KIND)}:
        pass

match None:
    case True | [_, *_] | int():
        app.run()
