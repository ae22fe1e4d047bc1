from kennel.web import application
