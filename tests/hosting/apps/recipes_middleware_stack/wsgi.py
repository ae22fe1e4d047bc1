from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

site = Flask("site")
admin = Flask("admin")
site.add_url_rule("/", "index", lambda: "Recipes")
admin.add_url_rule("/", "index", lambda: "Kitchen")
site.wsgi_app = ProxyFix(site.wsgi_app, x_for=1)

application = DispatcherMiddleware(site, {"/admin": admin})
application = WhiteNoise(application, root="/home/recipes/static")
