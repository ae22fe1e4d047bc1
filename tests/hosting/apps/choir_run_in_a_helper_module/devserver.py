"""Starts the site on the choir's old laptop."""


def launch(site, port=8080):
    print("Open http://localhost:%d" % port)
    site.run("0.0.0.0", port)
