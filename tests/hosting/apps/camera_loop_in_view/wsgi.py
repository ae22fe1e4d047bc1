from bottle import Bottle

application = Bottle()


@application.get("/")
def picture():
    frames = 0
    while True:
        frames += 1
    return "Picture"
