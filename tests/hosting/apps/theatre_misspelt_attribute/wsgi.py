from stage import application
