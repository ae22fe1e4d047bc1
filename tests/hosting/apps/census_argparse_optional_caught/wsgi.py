from census import application
