import cherrypy


class Hostel:
    @cherrypy.expose
    def index(self):
        return "Beds free: 12"


cherrypy.config.update({"environment": "embedded"})
application = cherrypy.tree.mount(Hostel(), "/")
