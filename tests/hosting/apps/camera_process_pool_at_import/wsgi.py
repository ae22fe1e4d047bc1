import multiprocessing

from flask import Flask

application = Flask(__name__)
pool = multiprocessing.Pool(1)


@application.route("/")
def picture():
    return "Picture %d" % pool.apply(abs, (-7,))
