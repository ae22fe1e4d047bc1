import cherrypy


class Hostel:
    @cherrypy.expose
    def index(self):
        return "Beds free: 12"


application = cherrypy.Application(Hostel(), "")
cherrypy.quickstart(Hostel())
