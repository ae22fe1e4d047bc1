import trails

application = trails.application
