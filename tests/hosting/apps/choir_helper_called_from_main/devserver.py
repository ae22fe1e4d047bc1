def launch(site, port=8080):
    site.run("0.0.0.0", port)
