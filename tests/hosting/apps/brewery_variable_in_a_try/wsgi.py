from brewery import application
