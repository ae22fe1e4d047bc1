import cherrypy


class Hostel:
    @cherrypy.expose
    def index(self):
        return "Beds free: 12"


application = cherrypy.Application(Hostel(), "")
if __name__ == "__main__":
    cherrypy.quickstart(Hostel())
