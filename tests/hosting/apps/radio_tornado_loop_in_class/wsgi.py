from studio import application
