from flask import Flask

app = Flask(__name__)
inside = {"pantry": ["shelf"], "shelf": ["jar", "box"], "jar": [], "box": []}
todo = ["pantry"]
for place in todo:
    todo.extend(inside[place])
for place in list(todo):
    todo.append(place)
for place in list(inside):
    del inside[place]


@app.route("/")
def index():
    return "Pantry"
